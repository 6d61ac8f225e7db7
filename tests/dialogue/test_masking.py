"""What is taken out of conversations, and what has to stay in them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.formats.speakers import unknown_speaker
from dialogue.formats.types import Unreadable
from dialogue.masking import mask, mask_row, mask_transcript
from dialogue.types import Transcript, Turn

ENGLISH = [
    # e-mail addresses
    ("Write to anna@example.com.", "Write to [email]."),
    ("<Anna.O'Brien+shop@mail.example.co.uk>", "<[email]>"),
    ("mailto:a_b-c%d@x-y.example, thanks", "mailto:[email], thanks"),
    ("a@b.co,c@d.co;'e@f.co'", "[email],[email];'[email]'"),
    # telephone numbers
    ("+44 7700 900123", "[phone]"),
    ("+447700900123, +1 (555) 123-4567.", "[phone], [phone]."),
    ("Call 0044 20 7946 0958 please", "Call [phone] please"),
    ("(555) 123-4567 or 555-123-4567 or 555.123.4567", "[phone] or [phone] or [phone]"),
    ("07700 900123, 07700900123, 020 7946 0958", "[phone], [phone], [phone]"),
    ("0171 12345678 / +49 171/1234567 / +33 6 12 34 56 78", "[phone] / [phone] / [phone]"),
    ("06 12 34 56 78 or 06.12.34.56.78", "[phone] or [phone]"),
    ("my number is 5551234567", "my number is [phone]"),
    ("Tel.: 7946 0958, mobile 9123 4567", "Tel.: [phone], mobile [phone]"),
    ("call me back on 7946 0958 after 10:30", "call me back on [phone] after 10:30"),
    ("+44 7700 900123 2026-11-23", "[phone] 2026-11-23"),
    ("+44 7700 900123 4471", "[phone] 4471"),
    ("(+44) 7700 900123 (+44 7700 900123)", "[phone] ([phone])"),
    ("phone+447700900123", "phone[phone]"),
    # cards
    ("4111 1111 1111 1111 12/27 123", "[card] 12/27 123"),
    ("4111111111111111, 4111-1111-1111-1111.", "[card], [card]."),
    ("3782 822463 10005 and 378282246310005", "[card] and [card]"),
    ("6011 0009 9013 9424 / 5555.5555.5555.4444", "[card] / [card]"),
    ("4222222222222 is old", "[card] is old"),
    ("6304 9000 1774 0292 441", "[card]"),
    ("3 items, 2 4111 1111 1111 1111", "3 items, 2 [card]"),
    ("card for the order: 4111 1111 1111 1111", "card for the order: [card]"),
    # accounts
    ("GB82 WEST 1234 5698 7654 32", "[iban]"),
    ("IBAN DE89370400440532013000 at the bank", "IBAN [iban] at the bank"),
    ("fr14 2004 1010 0505 0001 3m02 606, paid", "[iban], paid"),
    ("NO93 8601 1117 947 ok", "[iban] ok"),
    ("AB12 CD34 GB82 WEST 1234 5698 7654 32", "AB12 CD34 [iban]"),
    # pages
    ("See https://shop.example/o?id=4471&t=abc, ok", "See [link], ok"),
    ("(www.shop.example/?mail=a@b.co)", "([link])"),
    ("https://a.example/x#/o?token=1!", "[link]!"),
    # names
    ("My name is Margaret Doyle and I ordered", "My name is [name] and I ordered"),
    ("My name’s Jean-Luc O’Neill.", "My name’s [name]."),
    ("my name is margaret doyle, please", "my name is [name], please"),
    ("my name is anna please help", "my name is [name] please help"),
    ("MY NAME IS ANNA SMITH AND I WAIT", "MY NAME IS [name] AND I WAIT"),
    ("My full name is Dr. Ludwig van der Berg. I am", "My full name is [name]. I am"),
    ("my name is maria de la cruz.", "my name is [name]."),
    ("my name is anna do you hear", "my name is [name] do you hear"),
    ("My name: Anna Smith, name is next", "My name: [name], name is next"),
    ("Hello\nName: Anna Smith\nOrder 4471", "Hello\nName: [name]\nOrder 4471"),
    ("My last name is Ng", "My last name is [name]"),
    ("Hi, this is Anna speaking.", "Hi, this is [name] speaking."),
    ("this is mr j. smith speaking", "this is [name] speaking"),
    ("This is Anna from Brightleaf", "This is [name] from Brightleaf"),
    ("You're speaking with Tom Reed today", "You're speaking with [name] today"),
    ("My name is 张伟.", "My name is [name]."),
    ("My name is Łukasz Żak", "My name is [name]"),
]  # fmt: skip

CHINESE = [
    ("我的邮箱是abc_1@qq.com，谢谢", "我的邮箱是[email]，谢谢"),
    ("邮箱ａ：anna＠qq.com。", "邮箱ａ：[email]。"),
    ("手机13812345678。", "手机[phone]。"),
    ("打我电话138 1234 5678或138-1234-5678", "打我电话[phone]或[phone]"),
    ("１３８１２３４５６７８", "[phone]"),
    ("+86 138 1234 5678，8613812345678", "[phone]，[phone]"),
    ("0086-13812345678 或 (+86)13812345678", "[phone] 或 [phone]"),
    ("座机010-12345678，0755-8288 1234转801", "座机[phone]，[phone]"),
    ("（021）61234567", "[phone]"),
    ("电话是：61234567", "电话是：[phone]"),
    ("热线400-820-8820", "热线[phone]"),
    ("卡号4111111111111111有效", "卡号[card]有效"),
    ("银行卡6222 0212 3456 7890 128", "银行卡[card]"),
    ("身份证11010519491231002X，谢谢", "身份证[id]，谢谢"),
    ("身份证号码110105 19491231 002x", "身份证号码[id]"),
    ("看https://shop.example/订单?id=1，好", "看https://shop.example/订单?id=1，好"),
    ("看https://shop.example/o?id=1，好", "看[link]，好"),
    ("我叫张伟，我想退货", "我叫[name]，我想退货"),
    ("我叫张伟我想退货", "我叫[name]我想退货"),
    ("我叫李小明的订单呢", "我叫[name]的订单呢"),
    ("你好我叫欧阳修。", "你好我叫[name]。"),
    ("我叫小美。", "我叫[name]。"),
    ("我叫Anna Li，你好", "我叫[name]，你好"),
    ("我叫阿不都·热合曼", "我叫[name]"),
    ("我的名字是王芳", "我的名字是[name]"),
    ("我姓王，免贵姓欧阳", "我姓[name]，免贵姓[name]"),
    ("收货人是李小明，地址是人民路1号", "收货人是[name]，地址是人民路1号"),
    ("收件人：王芳 电话：13812345678", "收件人：[name] 电话：[phone]"),
    ("姓名：赵四", "姓名：[name]"),
]

STAYS = [
    # prices and amounts
    "It is £1,250.00, not $1.250,00 or 12 800.00 €",
    "¥12,800.00 和 1,234,567.89元",
    "10 000 000 000 or 3.14159265358979 or 0.4111111111111111",
    # dates and times
    "2026-11-23 10:30, 23.11.2026, 11/23/2026 2:30 pm, 23-11-2026",
    "2026-11-02T09:14:03Z or 01.12.2026 09:00-17:00",
    "05/06/2026 2026, 01 02 2026 1030",
    "call me on 2026-11-23 or call me on 23.11.2026",
    "call me at 10.30 - 12.30",
    "电话 2026-11-23 再打，下午2:30",
    "1764057600 and 20261123093000",
    # versions and addresses of machines
    "v10.15.7, iOS 17.1.2, Chrome 131.0.6778.109, 192.168.100.200",
    "version 2.10.1045.33",
    # order numbers and their like
    "order 4471, BL-20419-883, #20261123001, 1Z999AA10123456784",
    "order number 13812345678, order no. 07700900123, Order: 0123456789",
    "Order ID: 4111111111111111 and order #4111111111111111",
    "tracking SF1234567890123, ORD-07700900123, 112-1234567-1234567",
    "my order number is 5551234567",
    "ISBN 978-3-16-148410-0, model 0204-5567-8890",
    "订单号13812345678，订单编号：2026112300012345，运单号是4111111111111111",
    "单号：0123456789，货号 0212345678",
    # nearly cards, accounts, identities
    "4111 1111 1111 1112, 1234567890123456, 411111111111",
    "0000000000000000",
    "GB82 WEST 1234 5698 7654 33, GB82 is a start",
    "110105194912310021 和 11010519491331002X",
    # nearly addresses
    "@anna, a@b, 2@home, me@, https://shop.example/help?",
    "https://shop.example/a/b.html and www.example.org/path. What?",
    # nearly names
    "My name is spelled wrong on the parcel",
    "my name is not on the list, my name is on the order",
    "My name isn't right. The product name is Deluxe Roaster.",
    "this is not speaking for you, This is customer support speaking",
    "This is great from you. This is the manager speaking.",
    "you're speaking to a wall",
    "我叫了外卖，我叫快递来取件，我叫你们经理来",
    "我叫安装师傅来，我叫不到车",
    "我姓什么不重要，我姓名写错了",
    "收货人是我，收货人是谁？联系人是对的",
    # other figures
    "Room 0123, 24 h, 1-2 days, 100-200 g, 50% of 800",
    "10086 and 95588",
]


@pytest.mark.parametrize(("text", "masked"), [*ENGLISH, *CHINESE])
def test_what_names_or_reaches_a_person_is_replaced(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize("text", STAYS)
def test_what_the_grade_needs_stays(text: str) -> None:
    assert mask(text) == text


PIECES = st.sampled_from(
    [text for text, _ in (*ENGLISH, *CHINESE)]
    + STAYS
    + ["my name is ", "this is ", " speaking", "我叫", "我姓", "收货人是", "[name]", "[id]", "张"]
    + ["https://", "?", "@", "+", "0", "138", "4111", " ", "\n", "-", "(", "X", "GB82", "["]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(PIECES, max_size=6).map("".join),
        st.text(alphabet="0123456789 -+()./:XGB@a我叫王姓[]?", max_size=60),
    )
)
def test_masking_twice_is_masking_once_and_never_fails(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked


def test_a_conversation_keeps_everything_but_the_words() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    before = Transcript(
        id="anna@example.com",
        language="en",
        scenario="s",
        turns=(Turn(speaker="agent", text="Your number is +44 7700 900123?", at=at),),
    )
    after = mask_transcript(before)
    assert after.turns[0].text == "Your number is [phone]?"
    assert after == before.model_copy(update={"turns": after.turns})
    assert after.turns[0].at == at


def test_an_unknown_speakers_name_is_not_written() -> None:
    row = mask_row(unknown_speaker("a", 3, "Margaret Doyle"))
    assert isinstance(row, Unreadable)
    assert row.message.startswith("turn 3: the speaker is neither")
    assert "Margaret" not in row.message


def test_another_reason_is_masked_like_a_turn() -> None:
    row = mask_row(Unreadable("a", "bad_row", "line 3: anna@example.com"))
    assert isinstance(row, Unreadable)
    assert row.message == "line 3: [email]"
