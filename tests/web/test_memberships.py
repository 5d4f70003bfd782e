"""Leaving, removing and handing over, as seen in a browser."""

from tests.cast import Cast


def test_leaving_ends_in_a_calm_confirmation(cast: Cast):
    stage = cast.circle("Ben", "Cy")
    answer = cast.client("Ben").submit(f"/circles/{stage.public_id}/leaving", follow_redirects=True)
    assert "You have left Harbour Circle." in answer.text


def test_the_circles_pages_close_for_who_has_left(cast: Cast):
    stage, ben = cast.circle("Ben", "Cy"), cast.client("Ben")
    ben.submit(f"/circles/{stage.public_id}/leaving")
    assert ben.get(f"/circles/{stage.public_id}/leaving").status_code == 404


def test_looking_at_the_leaving_page_changes_nothing(cast: Cast):
    stage, ben = cast.circle("Ben", "Cy"), cast.client("Ben")
    ben.get(f"/circles/{stage.public_id}/leaving")
    assert ben.get(f"/circles/{stage.public_id}/leaving").status_code == 200


def test_the_last_organiser_is_offered_somebody_to_take_over(cast: Cast):
    stage = cast.circle("Ben")
    text = cast.client("Ada").get(f"/circles/{stage.public_id}/leaving").text
    assert "You are the only organiser" in text
    assert "Ben Katz" in text


def test_the_last_organiser_who_leaves_anyway_is_told_why_not(cast: Cast):
    stage = cast.circle("Ben")
    answer = cast.client("Ada").submit(f"/circles/{stage.public_id}/leaving")
    assert answer.status_code == 409
    assert "You are the only organiser." in answer.text


def test_handing_over_on_the_way_out_leads_back_to_leaving(cast: Cast):
    stage = cast.circle("Ben")
    url = f"/circles/{stage.public_id}/members/{stage.refs['Ben']}/role"
    answer = cast.client("Ada").submit(url, {"role": "organiser", "leaving": "1"})
    assert answer.location.endswith("/leaving")


def test_who_is_alone_is_told_that_the_circle_ends(cast: Cast):
    stage = cast.circle()
    assert (
        "the circle ends when you leave" in cast.client("Ada").get(f"/circles/{stage.public_id}/leaving").text
    )


def test_removing_a_member_twice_is_removing_once(cast: Cast):
    stage, ada = cast.circle("Ben", "Cy"), cast.client("Ada")
    url = f"/circles/{stage.public_id}/members/{stage.refs['Cy']}/removal"
    assert [ada.submit(url).status_code, ada.submit(url).status_code] == [303, 303]


def test_an_organiser_cannot_be_removed(cast: Cast):
    stage, ada = cast.circle("Ben"), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}/members/{stage.refs['Ben']}/role", {"role": "organiser"})
    answer = ada.submit(f"/circles/{stage.public_id}/members/{stage.refs['Ben']}/removal")
    assert answer.status_code == 409


def test_a_member_of_another_circle_is_not_found_here(cast: Cast):
    stage, other = cast.circle("Ben"), cast.circle("Finn", name="Elsewhere")
    url = f"/circles/{stage.public_id}/members/{other.refs['Finn']}/removal"
    assert cast.client("Ada").submit(url).status_code == 404


def test_a_member_removes_nobody(cast: Cast):
    stage = cast.circle("Ben", "Cy")
    url = f"/circles/{stage.public_id}/members/{stage.refs['Cy']}/removal"
    assert cast.client("Ben").submit(url).status_code == 403
