"""What is remembered: one noun a file; facts and constraints, nothing that acts."""

from circle.models.base import Base as Base
from circle.models.change import Change as Change
from circle.models.circle import Circle as Circle
from circle.models.commitment import Commitment as Commitment
from circle.models.contact import Contact as Contact
from circle.models.contact import ContactTerm as ContactTerm
from circle.models.contact_import import ContactImport as ContactImport
from circle.models.exception import StoredException as StoredException
from circle.models.idea import Dismissal as Dismissal
from circle.models.idea import Idea as Idea
from circle.models.introduction import Introduction as Introduction
from circle.models.invitation import Invitation as Invitation
from circle.models.invitation import NeverAgain as NeverAgain
from circle.models.membership import Membership as Membership
from circle.models.news import News as News
from circle.models.outbox import MailCircle as MailCircle
from circle.models.outbox import OutboxMail as OutboxMail
from circle.models.person import Person as Person
from circle.models.rhythm import StoredRhythm as StoredRhythm
from circle.models.round import RosterMember as RosterMember
from circle.models.round import Round as Round
from circle.models.session import Session as Session
from circle.models.sign_in_request import SignInRequest as SignInRequest
from circle.models.site import Site as Site
from circle.models.sitting import Sitting as Sitting
from circle.models.sitting import Thought as Thought
