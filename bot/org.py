"""TEMPORARY stand-in."""
from datetime import timedelta

from bot.domain.escalation import *
from bot.domain.organisation import *
from bot.domain.people import *

P=PersonId
def sample_org():
    return Organisation("Acme", people={P(i):Person(P(i),n,"Europe/Berlin",standing=Standing.ADMIN if i=='ana' else Standing.MEMBER) for i,n in [('ana','Ana Lima'),('bo','Bo Chen'),('cy','Cy Okafor'),('mia','Mia Keller')]},
  teams={TeamId('payments'):Team(TeamId('payments'),'payments',(P('ana'),P('bo'),P('cy')),(P('mia'),))},
  services={ServiceId('checkout'):Service(ServiceId('checkout'),TeamId('payments'),escalation='payments',component='checkout'),ServiceId('database'):Service(ServiceId('database'),TeamId('payments'),escalation='payments')},
  policies={'payments':Policy('payments',(Step((Target(TargetKind.PERSON,'ana'),)),Step((Target(TargetKind.TEAM,'payments'),),timedelta(minutes=5))),2)},
  catch_all=(Target(TargetKind.PERSON,'mia'),),components={'checkout':Component('checkout','Checkout','Shop','Paying')},sample="yes",chat=ChatRules(call="https://meet.example/$reference-$token"))
def load_org(path): return sample_org()
