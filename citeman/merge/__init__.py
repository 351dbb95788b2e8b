"""Merging, without touching anything: the facts of one work from its sources, and upstream's changes with a person's."""

from citeman.merge.changes import Change, Choice, Operation, Plan
from citeman.merge.combine import PRECEDENCE, Combined, combine, role
from citeman.merge.meaning import same
from citeman.merge.news import is_withdrawal_suspected
from citeman.merge.plan import Clock, adopted, plan
from citeman.merge.threeway import Merge, three_way
from citeman.merge.view import as_record, is_published, new_fields
from citeman.merge.works import Verdict, same_work

__all__ = [
    "PRECEDENCE",
    "Change",
    "Choice",
    "Clock",
    "Combined",
    "Merge",
    "Operation",
    "Plan",
    "Verdict",
    "adopted",
    "as_record",
    "combine",
    "is_published",
    "is_withdrawal_suspected",
    "new_fields",
    "plan",
    "role",
    "same",
    "same_work",
    "three_way",
]
