"""The commands: one group a file. Name, arguments, who may, help, examples and what it does together."""
