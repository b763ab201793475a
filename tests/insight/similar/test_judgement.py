"""What a careful colleague would think likelier: invented cases, in Chinese and English."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from luoshi.insight.similar import Candidate, Index, Item

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
HERE = ("37", "3701", "370101", "37010101")
NEXT_COMMUNITY = (*HERE[:3], "37010105")
OTHER_TOWN = (*HERE[:2], "370107", "37010702")
AREAS = {"area", "apart"}
OTHER_DISTRICT = ("37", "3702", "370201", "37020101")
SPOT = (119.10, 36.70)
METRE = 1 / 111_320

SCHOOL = "实验学校门口上下学时段车辆乱停，孩子过马路很危险，希望交警来管理"
SCHOOL_AGAIN = "实验学校门口放学时车辆乱停乱放，孩子过马路太危险，请交警管一管"
CROSSING = "Cars park across the crossing in front of the primary school every morning"
CROSSING_AGAIN = "Every morning cars park on the crossing before the primary school"
TITLE = "路灯不亮"
COMMON = (
    ("小区门口的路灯坏了一个星期没人修", "lamp"),
    ("楼下烧烤店油烟很大，晚上开不了窗", "smoke"),
    ("自来水发黄有异味，烧开还有沉淀", "water"),
    ("公交车等了四十分钟才来一班", "bus"),
    ("孩子上小学报名需要什么材料", "school"),
    ("物业费涨价没有征求业主意见", "estate"),
    ("The bus stop has no shelter and no bench", "bus"),
    ("Rubbish has not been collected for two weeks", "waste"),
)


def item(key: str, text: str, **known: object) -> Item:
    return Item(key, text, **({"at": NOW} | known))  # type: ignore[arg-type]


def city() -> list[Item]:
    """A register of ordinary matters, in four towns with seven communities each."""
    return [
        item(
            f"old {number}",
            text,
            category=category,
            area=(*HERE[:2], f"37010{number % 4}", f"37010{number % 4}0{number % 7}"),
            at=NOW - timedelta(days=number % 20),
        )
        for number, (text, category) in enumerate(COMMON * 40)
    ]


def found(new: Item, *known: Item) -> dict[str, Candidate]:
    return {one.id: one for one in Index([*city(), *known]).candidates(new, limit=40)}


def chances(new: Item, *known: Item) -> list[float]:
    """The probability of each of *known*; 0 where it is not found at all."""
    by_key = found(new, *known)
    return [by_key[one.id].probability if one.id in by_key else 0.0 for one in known]


def falls(values: list[float]) -> bool:
    return all(one > other for one, other in pairwise(values))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(SCHOOL, SCHOOL, id="the very words"),
        pytest.param(SCHOOL_AGAIN, SCHOOL, id="told again"),
        pytest.param(CROSSING_AGAIN, CROSSING, id="English"),
        pytest.param(TITLE, TITLE, id="only a title"),
    ],
)
def test_the_nearer_the_area_the_likelier(new: str, old: str) -> None:
    areas = (HERE, HERE[:3], (), NEXT_COMMUNITY, OTHER_TOWN, OTHER_DISTRICT)
    known = [item(str(n), old, area=area, category="x") for n, area in enumerate(areas)]
    assert falls(chances(item("new", new, area=HERE, category="x"), *known))


@pytest.mark.parametrize(("new", "old"), [(SCHOOL_AGAIN, SCHOOL), (CROSSING_AGAIN, CROSSING)])
def test_the_same_words_in_two_towns_are_hardly_one_matter(new: str, old: str) -> None:
    for town in (OTHER_TOWN, OTHER_DISTRICT):
        [chance] = chances(item("new", new, area=HERE), item("old", old, area=town))
        assert chance < 0.15
    [chance] = chances(item("new", new, area=HERE), item("old", old, area=HERE))
    assert chance > 0.9


def test_a_form_letter_from_another_district_is_never_flagged() -> None:
    by_key = found(item("new", SCHOOL, area=HERE), item("old", SCHOOL, area=OTHER_DISTRICT))
    assert by_key["old"].probability < 0.5
    assert not by_key["old"].likely


@pytest.mark.parametrize("point", [SPOT, None, (0.0, 0.0), (0.00001, -0.00001)])
def test_an_area_counts_wherever_one_point_is_missing(point: tuple[float, float] | None) -> None:
    known = [item(str(n), SCHOOL, area=area) for n, area in enumerate((HERE, (), OTHER_DISTRICT))]
    assert falls(chances(item("new", SCHOOL_AGAIN, area=HERE, point=point), *known))


def test_two_points_at_a_boundary_count_more_than_the_areas_on_either_side() -> None:
    near = (SPOT[0], SPOT[1] + 8 * METRE)
    new = item("new", SCHOOL_AGAIN, point=SPOT, area=HERE)
    across, within = chances(
        new,
        item("across", SCHOOL, point=near, area=OTHER_TOWN),
        item("within", SCHOOL, point=near, area=HERE),
    )
    assert across == within > 0.9


def test_a_coarse_area_says_less_than_a_fine_one() -> None:
    coarse, fine = item("coarse", SCHOOL, area=HERE[:2]), item("fine", SCHOOL, area=HERE)
    [of_coarse] = chances(item("new", SCHOOL_AGAIN, area=HERE[:2]), coarse)
    [of_fine] = chances(item("new", SCHOOL_AGAIN, area=HERE), fine)
    [unknown] = chances(item("new", SCHOOL_AGAIN), item("unknown", SCHOOL))
    assert unknown < of_coarse < of_fine


def test_codes_that_two_cities_share_are_not_one_area() -> None:
    known = [item("a", SCHOOL, area=("A", "1")), item("b", SCHOOL, area=("B", "1"))]
    assert falls(chances(item("new", SCHOOL_AGAIN, area=("A", "1")), *known))


def test_the_farther_apart_the_less_likely() -> None:
    known = [
        item(str(metres), SCHOOL, point=(SPOT[0], SPOT[1] + metres * METRE))
        for metres in (5, 100, 500, 3000)
    ]
    assert falls(chances(item("new", SCHOOL, point=SPOT), *known))


def test_a_missing_category_or_time_is_neither_for_nor_against() -> None:
    new = item("new", SCHOOL_AGAIN, point=SPOT, category="traffic")
    same, missing, other = chances(
        new,
        item("same", SCHOOL, point=SPOT, category="traffic"),
        item("missing", SCHOOL, point=SPOT),
        item("other", SCHOOL, point=SPOT, category="noise"),
    )
    assert same >= missing > other
    today, unknown, last_year = chances(
        new,
        item("today", SCHOOL, point=SPOT),
        item("unknown", SCHOOL, point=SPOT, at=None),
        item("last year", SCHOOL, point=SPOT, at=NOW - timedelta(days=365)),
    )
    assert today > unknown > last_year


def test_an_unknown_time_is_no_evidence() -> None:
    by_key = found(item("new", SCHOOL_AGAIN, at=None), item("old", SCHOOL))
    assert "time" not in {one.kind for one in by_key["old"].evidence}


def test_who_files_twice_is_found_in_the_same_community() -> None:
    new = item("new", "我昨天反映的噪音还没有解决，工地又干到凌晨两点", area=HERE)
    first = "工地夜间施工到凌晨，噪音很大，孩子睡不着"
    yesterday = NOW - timedelta(days=1)
    here, elsewhere = chances(
        new,
        item("here", first, area=HERE, at=yesterday),
        item("elsewhere", first, area=OTHER_DISTRICT, at=yesterday),
    )
    assert here > 0.5
    assert elsewhere < 0.05


def test_the_evidence_says_whether_they_lie_in_one_area() -> None:
    by_key = found(
        item("new", SCHOOL_AGAIN, area=HERE),
        item("in", SCHOOL, area=HERE),
        item("next", SCHOOL, area=NEXT_COMMUNITY),
        item("unknown", SCHOOL),
    )
    told = {
        key: [(one.kind, one.shared) for one in by_key[key].evidence if one.kind in AREAS]
        for key in ("in", "next", "unknown")
    }
    assert told == {"in": [("area", HERE)], "next": [("apart", HERE[:3])], "unknown": []}


def test_many_with_one_title_in_the_city_yet_those_of_the_community_are_found() -> None:
    elsewhere = [item(f"e{n}", TITLE, category="lamp", area=OTHER_DISTRICT) for n in range(2_000)]
    here = item("here", TITLE, category="lamp", area=HERE)
    index = Index([here, *elsewhere])
    assert index.candidates(item("new", TITLE, category="lamp", area=HERE))[0].id == "here"


def test_in_one_narrow_area_a_category_is_enough_to_be_looked_at() -> None:
    new = item("new", "坏灯", area=HERE, category="broken light")
    by_key = found(new, item("other words", "晚间太黑", area=HERE, category="broken light"))
    assert "other words" in by_key
    assert not by_key["other words"].likely


def test_a_case_that_is_moved_counts_where_it_is_now() -> None:
    index = Index([*city(), item("a", SCHOOL), item("b", SCHOOL, area=OTHER_DISTRICT)])
    new = item("new", SCHOOL_AGAIN, area=HERE)
    assert [one.id for one in index.candidates(new, 2)] == ["a", "b"]
    index.add(item("b", SCHOOL, area=HERE))
    assert [one.id for one in index.candidates(new, 2)] == ["b", "a"]
    assert len(index) == len(city()) + 2
    before = index.candidates(new, 5)
    index.tidy()
    assert index.candidates(new, 5) == before


@pytest.mark.parametrize("spelled", ["东城区幸福路十二号", "幸福路１２号附近", "幸福路12号3单元"])
def test_an_address_counts_however_it_is_spelled(spelled: str) -> None:
    new = item("new", TITLE, category="lamp", address="东城区幸福路12号")
    same, elsewhere, unknown = chances(
        new,
        item("same", TITLE, category="lamp", address=spelled),
        item("elsewhere", TITLE, category="lamp", address="西城区幸福路12号"),
        item("unknown", TITLE, category="lamp"),
    )
    assert same > unknown >= elsewhere


def test_one_street_name_in_two_towns_is_two_places() -> None:
    new = item("new", TITLE, category="lamp", address="解放路12号", area=HERE)
    known = [
        item(str(n), TITLE, category="lamp", address="解放路12号", area=area)
        for n, area in enumerate((HERE, OTHER_TOWN, OTHER_DISTRICT))
    ]
    assert falls(chances(new, *known))


FORM = "{}底商油烟扰民\n{}一楼饭店的油烟直接排到楼道，晾的衣服全是味，开窗就呛，请环保部门管一管"
ENGLISH_FORM = "Lorries in {0} at night\nHeavy lorries drive through {0} at night and wake us all"


@pytest.mark.parametrize(
    ("form", "here", "there"),
    [(FORM, "东湖花园", "城南金桥家园"), (ENGLISH_FORM, "Elm Street", "Oak Avenue")],
)
def test_one_form_for_two_places_is_two_matters(form: str, here: str, there: str) -> None:
    new = item("new", form.format(here, here))
    by_key = found(
        new, item("here", form.format(here, here)), item("there", form.format(there, there))
    )
    assert by_key["here"].probability > 0.9
    assert by_key["there"].probability < 0.6
    assert not by_key["there"].likely
    assert "elsewhere" in {one.kind for one in by_key["there"].evidence}
    assert "elsewhere" not in {one.kind for one in by_key["here"].evidence}


def test_a_form_for_another_estate_alone_is_not_flagged() -> None:
    new = item("new", FORM.format("东湖花园", "东湖花园"))
    by_key = found(new, item("there", FORM.format("城南金桥家园", "城南金桥家园")))
    assert not by_key["there"].likely
