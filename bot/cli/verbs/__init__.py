"""The verbs of ``tocsin``, a file for each noun. They build requests of ``bot.admin`` and print the answers, or
work on files and the database where no bot may run."""
