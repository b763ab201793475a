"""Personal data in an answer: the requester's and third persons' are seen, an office's are not.

The names and places are invented. What real answers hold is measured by reading; see
``docs/explanation/answer-quality.md``.
"""

import pytest

from luoshi.insight.reply.leaks import leaks

ASKED = "楼上漏水\n楼上装修后我家一直漏水，请有关部门处理。"


def seen(reply: str, request: str = ASKED) -> list[str]:
    return [hint.severity for hint in leaks(request, reply)]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("经查，信访人赵秋萍反映的问题属实。", id="requester"),
        pytest.param("经查，村民钱广福在自家门前堆放杂物。", id="third person behind a role"),
        pytest.param("孙玉梅，女，现年六十一岁，家中两口人。", id="sex and age"),
        pytest.param("周海燕户的补偿款已于上月发放。", id="household"),
        pytest.param("经与郑国强、冯春生、褚小兰等三人商量，已达成协议。", id="a list"),
    ],
)
def test_a_name_of_a_person_is_worth_a_look(reply: str) -> None:
    assert seen(reply) == ["check"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("请与区住建局物业科科长赵秋萍联系。", id="an officer"),
        pytest.param("由派出所民警钱广福、孙玉梅到现场查看。", id="officers in a list"),
        pytest.param(
            "如有疑问，请联系：吴桂芬（电话0536-2223344）。", id="contact with telephone"
        ),
        pytest.param("联系人：周海燕，欢迎来电。", id="contact person"),
        pytest.param("对此，县委书记李建军高度重视。李建军已作批示。", id="named again"),
        pytest.param("请业主向物业公司咨询，尚无法答复的由社区商定。", id="ordinary words"),
        pytest.param("南安路小学位于平安路以南、和平街以东。", id="places"),
        pytest.param("已约谈金海洋物业公司，金海洋物业公司承诺整改。", id="a firm"),
        pytest.param("村民王某某与李×已经和解。", id="hidden already"),
    ],
)
def test_who_acts_in_an_office_and_what_is_no_name_is_let_pass(reply: str) -> None:
    assert seen(reply) == []


def test_an_officer_whom_the_request_speaks_of_is_a_person() -> None:
    reply = "经查，村支书钱广福没有占用该地。钱广福已作说明。"
    assert seen(reply) == []
    assert seen(reply, "村支书占地\n村支书钱广福占了我家的地。") == ["check", "check"]


@pytest.mark.parametrize(
    ("reply", "severities"),
    [
        pytest.param("经查，8栋2单元1203室确在装修。", ["must"], id="a flat"),
        pytest.param("当事人家住和平街55号，已口头告诫。", ["must"], id="a house lived in"),
        pytest.param("车主的车牌为鲁G12345，已通知挪车。", ["must"], id="a plate"),
        pytest.param("他的身份证号是370702199001011234。", ["must"], id="an identity card"),
        pytest.param("房主手机13912345678，请自行协商。", ["must"], id="a mobile"),
        pytest.param("请到和平街55号政务大厅办理。", [], id="the door of an office"),
        pytest.param("该商铺（3栋112室）证照齐全。", [], id="a shop"),
        pytest.param("小区共有10栋460户，均已通气。", [], id="how many live there"),
        pytest.param("二期、3栋地下室已通过验收。", [], id="a basement"),
        pytest.param("监督电话：13912345678。", [], id="a telephone of an office"),
        pytest.param("请拨打（0536-2223344）了解进度。", [], id="a landline in wide brackets"),
        pytest.param("处罚决定书编号为YL0004800，可以查询。", [], id="the number of a document"),
    ],
)
def test_numbers_and_doors(reply: str, severities: list[str]) -> None:
    assert seen(reply) == severities


@pytest.mark.parametrize(
    ("reply", "severities"),
    [
        pytest.param("楼上住户王建国（电话13812345678）已同意维修。", ["must"], id="a neighbour"),
        pytest.param("已电话联系，业主住3栋2单元502室，同意维修。", ["must"], id="a door"),
        pytest.param("投诉人电话13812345678已停机，无法联系。", ["must"], id="a requester"),
        pytest.param("请业主拨打物业值班电话13812345678。", [], id="of an office"),
        pytest.param("市居民医疗保险中心电话：3323146。", [], id="of an office for residents"),
        pytest.param("区住建局和平路8号，电话0536-1234567。", [], id="住 as part of an office"),
    ],
)
def test_the_telephone_of_somebody_is_none_of_an_office(reply: str, severities: list[str]) -> None:
    assert seen(reply) == severities


@pytest.mark.parametrize("reply", ["", "某", "。" * 30_000, "赵秋萍" * 8_000, "\x00\u202e赵"])
def test_odd_texts_do_no_harm(reply: str) -> None:
    assert set(seen(reply, reply)) <= {"check", "must"}
