"""Numbers, dates and names: what they look like, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.inspecting.entities import entities
from grading.inspecting.loading import shipped
from tests.grading.making import case_of


def found(text: str, language: str = "en", speaker: str = "C") -> list[tuple[str, str]]:
    case = case_of(f"{speaker}: {text}", language=language)
    return [(each.kind, each.text) for each in entities(case, shipped(language).book.entities)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My order number is 40718.", [("order_number", "40718")]),
        ("order #BL-2217 please", [("order_number", "BL-2217")]),
        ("40718", [("order_number", "40718")]),
        ("It's 40718, thanks", [("order_number", "40718")]),
        ("booking reference QXKZLP", [("order_number", "QXKZLP")]),
        ("Account number 8812-0042", [("account_number", "8812-0042")]),
        ("card ending in 4417", [("account_number", "4417")]),
        ("policy no. KM-55102", [("account_number", "KM-55102")]),
        ("You took £1,250.00 and 20 dollars", [("amount", "£1,250.00"), ("amount", "20 dollars")]),
        ("on 12 May and June 3rd", [("date", "12 May"), ("date", "June 3rd")]),
        ("2026-11-02 or 02/11/2026", [("date", "2026-11-02"), ("date", "02/11/2026")]),
        ("next Monday at 9:40 am", [("date", "next Monday"), ("time", "9:40 am")]),
        ("by 6 pm tomorrow", [("time", "6 pm"), ("date", "tomorrow")]),
        ("within 3-5 business days", [("duration", "3-5 business days")]),
        ("two weeks ago", [("duration", "two weeks")]),
        ("call me on 07700 900123", [("phone", "07700 900123")]),
        ("+44 20 7946 0958", [("phone", "+44 20 7946 0958")]),
        ("write to ann.b@example.co.uk.", [("email", "ann.b@example.co.uk")]),
        ("I bought a coffee machine from you", [("product", "coffee machine")]),
        ("My new dishwasher is leaking", [("product", "dishwasher")]),
        ("I got a refund and my order is late", []),
        ("Do you open at all?", []),
    ],
)
def test_english_entities(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单号是2207153", [("order_number", "2207153")]),
        ("运单号：SF1029384756", [("order_number", "SF1029384756")]),
        ("2207153", [("order_number", "2207153")]),
        ("银行卡尾号4417", [("account_number", "4417")]),
        ("户号 88120042", [("account_number", "88120042")]),
        ("扣了我30元和五十块钱", [("amount", "30元"), ("amount", "五十块钱")]),
        ("¥1,250.50", [("amount", "¥1,250.50")]),
        ("5月3号下午三点", [("date", "5月3号"), ("time", "下午三点")]),
        ("下周一10:30", [("date", "下周一"), ("time", "10:30")]),
        ("明天晚上八点半", [("date", "明天"), ("time", "晚上八点半")]),
        ("3-5个工作日内", [("duration", "3-5个工作日内")]),
        ("等了两个小时", [("duration", "两个小时")]),
        ("我的手机13812345678", [("phone", "13812345678")]),
        ("拨打400-820-1234", [("phone", "400-820-1234")]),
        ("发到wang.li@example.cn", [("email", "wang.li@example.cn")]),
        ("我买的空气炸锅坏了", [("product", "空气炸锅")]),
        ("家里的热水器漏水", [("product", "热水器")]),
        ("有一点问题，请点击一下", []),
    ],
)
def test_chinese_entities(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "zh") == expected


@given(st.text(max_size=100), st.sampled_from(["en", "zh"]))
def test_entities_are_cut_from_their_turn_and_do_not_overlap(raw: str, language: str) -> None:
    case = case_of(f"C: {raw} 订单号 40718 $5, 3 May", language=language)
    end = 0
    for each in entities(case, shipped(language).book.entities):
        assert case.text(each.turn)[each.start : each.end] == each.text
        assert each.start >= end
        end = each.end
