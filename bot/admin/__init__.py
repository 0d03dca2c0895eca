"""What an operator may ask of Tocsin: the verbs behind the command line, whether they come through the
socket of a running bot or run in a process of their own. Values in, JSON-ready values out."""

from bot.admin.desk import Answer, Args, Office, Refusal, Verb
from bot.admin.table import VERBS, ask

__all__ = ["VERBS", "Answer", "Args", "Office", "Refusal", "Verb", "ask"]
