"""What organisers and members are told of the mail: the delivery log, and that mail waits or came back."""

from datetime import timedelta

from flask import Flask

from circle import clock
from circle.models import Site
from circle.rules.states import MailKind, MailState
from circle.services.post import daily, delivery_log, outbox
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.client import Client
from tests.story import A_WEEK_BEFORE

SILENT = "Mail has not been sent since"


def log_of(app: Flask, circle_id: int) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(mail.kind, mail.to, mail.state) for mail in delivery_log.of_circle(circle_id, "UTC")]


def let_mail_be_due(app: Flask, cast: Cast, minutes: int) -> None:
    ada = cast.person("Ada")
    with app.app_context(), writing():
        now = clock.now() - timedelta(minutes=minutes)
        outbox.queue(MailKind.JOB_TAKEN, key="one", now=now, person_id=ada.id)


def organise(cast: Cast, first: str = "Ada", path: str = "organise") -> str:
    stage = cast.circle("Ben")
    client = cast.client(first)
    return client.get(f"/circles/{stage.public_id}/{path}").text


def test_the_log_says_to_whom_a_mail_went_and_how_it_stands(app, cast, sink):
    round_ = story.begin(cast, "Ben", "Cy", told=False)
    opened = MailKind.ROUND_OPENED.words
    assert log_of(app, round_.stage.id) == [
        (opened, "Cy Marsh", "Waiting to go out"),
        (opened, "Ben Katz", "Waiting to go out"),
        (opened, "Ada Obi", "Waiting to go out"),
    ]


def test_a_daily_letter_stands_in_the_log_of_each_circle_it_spoke_of(app, cast):
    round_ = story.begin(cast, "Ben", "Cy")
    other = story.begin(cast, "Ben", "Dee")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)
    letter = (MailKind.DAILY.words, "Ben Katz", "Waiting to go out")
    assert [letter in log_of(app, each.stage.id) for each in (round_, other)] == [True, True]


def test_a_daily_letter_of_other_circles_stands_not_in_the_log(app, cast):
    round_ = story.begin(cast, "Ben", "Cy")
    apart = cast.circle("Ben", organiser="Eve", name="Another Circle")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)
    assert log_of(app, apart.id) == []


def test_the_log_quotes_no_mail_server(app, cast, client):
    ada, stage = cast.person("Ada"), cast.circle("Ben")
    with app.app_context():
        with writing():
            about = {"person_id": ada.id, "circle_id": stage.id}
            outbox.queue(MailKind.JOB_TAKEN, key="one", now=NOON, **about)
        mail = outbox.claim(NOON)
        assert mail
        outbox.settle(mail, MailState.FAILED, "550 the secret stallion", NOON)
    text = cast.client("Ada").get(f"/circles/{stage.public_id}/mails").text
    assert ("Refused by the mail server" in text, "stallion" in text) == (True, False)


def test_an_organiser_is_told_when_due_mail_has_gone_nowhere_for_half_an_hour(app, cast):
    let_mail_be_due(app, cast, minutes=31)
    assert SILENT in organise(cast)


def test_a_member_is_not_told_so(app, cast):
    let_mail_be_due(app, cast, minutes=31)
    assert SILENT not in organise(cast, "Ben", "rounds")


def test_mail_that_has_waited_for_less_is_no_matter(app, cast):
    let_mail_be_due(app, cast, minutes=29)
    assert SILENT not in organise(cast)


def test_an_organiser_is_told_that_mail_is_paused_and_not_why(app, cast):
    with app.app_context(), writing() as session:
        session.add(Site(id=1, mail_paused_at=clock.now(), mail_paused_why="535 wrong: secret stallion"))
    text = organise(cast)
    assert (SILENT in text, "stallion" in text) == (True, False)


def test_the_mailbox_page_says_why_mail_is_not_sent(app, cast, client):
    with app.app_context(), writing() as session:
        session.add(Site(id=1, mail_paused_at=clock.now(), mail_paused_why="535 wrong password."))
    assert "535 wrong password." in client.get("/mailbox").text


def test_health_says_since_when_mail_is_not_sent(app, cast, client):
    let_mail_be_due(app, cast, minutes=31)
    assert client.get("/healthz").json["mail"]["not_sent_since"]


def test_whose_mail_came_back_reads_so_on_every_page_and_can_mend_it(app, cast):
    ben = cast.person("Ben")
    story.change(app, ben, mail_refused_at=NOON)
    client: Client = cast.client("Ben")
    assert "Mail to <bdi>ben@example.org</bdi> came back" in client.get("/circles").text
    client.submit("/you/mail")
    assert "came back" not in client.get("/circles").text
