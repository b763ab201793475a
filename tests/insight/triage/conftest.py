"""A small history of invented messages, and the model learned from it."""

import random

import pytest

from luoshi.insight.triage.examples import Example, example
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.taxonomy import Category, Taxonomy
from luoshi.insight.triage.training import train

TAXONOMY = Taxonomy(
    (
        Category("street", names=("市政道路", "Streets")),
        Category("street.lamp", "street", ("路灯", "Street lamp"), "路灯不亮、灯杆倾斜、线路故障"),
        Category("street.hole", "street", ("道路破损", "Pothole"), "路面坑洼、塌陷、井盖丢失"),
        Category("wages", "", ("劳动工资", "Wages"), "拖欠工资、社保断缴、工伤赔偿、加班费"),
        Category("school", "", ("教育", "School"), "入学报名、补课收费、老师、校服、营养餐"),
    )
)

_WHERE = ["胜利街", "学府路", "东风小区门口", "滨河公园旁", "我们村里", "县医院对面", "新城广场"]
_WHAT = {
    "street.lamp": ["路灯坏了", "路灯一直不亮", "灯杆快倒了", "整条街的照明黑着", "路灯忽明忽暗"],
    "street.hole": ["路面全是坑", "马路塌陷", "井盖丢了", "沥青路面破损颠簸", "人行道砖松动"],
    "wages": ["老板拖欠工资", "公司不交社保", "工伤不赔", "加班费不给", "农民工工资没有发"],
    "school": ["学校乱收费", "孩子报不上名", "老师有偿补课", "校服质量差", "食堂营养餐不新鲜"],
}
_END = [
    "请尽快处理。",
    "已经反映多次没有人管。",
    "希望有关部门重视，谢谢。",
    "给居民带来很大不便。",
]


def history(per_category: int, seed: int = 7) -> list[Example]:
    """Return invented messages, *per_category* for each of four categories."""
    chance = random.Random(seed)
    return [
        example(
            label,
            chance.choice(what),
            f"{chance.choice(_WHERE)}，{chance.choice(what)}，{chance.choice(what)}，"
            f"从{chance.randint(1, 12)}月{chance.randint(1, 28)}日开始，{chance.choice(_END)}",
        )
        for label, what in _WHAT.items()
        for _ in range(per_category)
    ]


@pytest.fixture(scope="session")
def model() -> Model:
    return train(history(60), TAXONOMY)
