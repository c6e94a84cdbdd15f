"""A yearly table in the manner of 12315 complaint statistics, in Chinese.

The market regulators' hotline publishes by received, admitted, handled, mediated, and
what consumers recovered; each row here is a figure of ours or says why it is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from application.texts import say
from projections.authorities.authority_form import (
    Asked,
    FormPlace,
    about,
    general,
    ground,
)
from projections.authorities.form_answer import Answering, FormAnswer, not_recorded

RECEIVED, ADMITTED, HANDLED = "接收情况", "受理情况", "办理情况"
RECOVERED, PASSED_ON, PUNISHED = "挽回损失", "移送情况", "违规处理"
ABOUT_PARTIES = "投诉对象与消费者"
NO_REPORTS = "平台只处理买卖双方的纠纷，不接收举报和咨询"  # noqa: RUF001 - Chinese
NO_PERSONS = "案件记录不含消费者年龄、性别和所在地区"
NO_TRADERS = "案件记录不含经营者所属行业和所在地区"
NO_GOODS = "案件按问题类型登记，不按商品或服务的品类登记"  # noqa: RUF001 - Chinese


def _rows(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    yield from _received(answering, place)
    yield from _admitted(answering, place)
    yield from _handled(answering)
    yield from _results(answering, place)
    yield ABOUT_PARTIES, "消费者年龄、性别、地区", "", _none(NO_PERSONS)
    yield ABOUT_PARTIES, "经营者行业、地区", "", _none(NO_TRADERS)
    yield ABOUT_PARTIES, "商品类与服务类", "", _none(NO_GOODS)


def _received(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    yield RECEIVED, "接收投诉", "合计", answering.figure("opened")
    for code in answering.parts("opened-reasons"):
        found = answering.part("opened-reasons", code)
        yield RECEIVED, "投诉问题类型", about(place.codes, code, "zh"), found
    yield RECEIVED, "同一问题再次投诉", "", answering.figure("repeat-complaints")
    yield RECEIVED, "接收举报", "", _none(NO_REPORTS)
    yield RECEIVED, "接收咨询", "", _none(NO_REPORTS)


def _admitted(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    yield ADMITTED, "受理率", "", answering.figure("admitted")
    yield ADMITTED, "不予受理率", "", answering.figure("refusal-rate")
    for code in answering.parts("refused"):
        found = answering.part("refused", code)
        yield ADMITTED, "不予受理理由", ground(place.codes, code, "zh"), found
    yield ADMITTED, "按时作出受理决定", "", answering.figure("admission-in-time")
    mean = answering.figure("days-to-admission", mean=True)
    yield ADMITTED, "平均受理用时", "", mean


def _handled(answering: Answering) -> Iterator[Asked]:
    yield HANDLED, "办结", "合计", answering.figure("closed")
    for code in answering.parts("closed"):
        words = say("outcomes", code, "zh")
        yield HANDLED, "办结方式", words, answering.part("closed", code)
    yield HANDLED, "按时办结率", "", answering.figure("closed-in-time")
    yield HANDLED, "平均办结用时", "", answering.figure("days-open", mean=True)
    yield HANDLED, "和解成功率", "", answering.figure("settlement-rate")
    yield HANDLED, "撤回率", "", answering.figure("withdrawn")


def _results(answering: Answering, place: FormPlace) -> Iterator[Asked]:
    for found in answering.money("paid"):
        yield RECOVERED, "消费者实际获付金额", found.unit, found
    for found in answering.money("advanced"):
        yield RECOVERED, "平台先行赔付金额", found.unit, found
    yield RECOVERED, "诉求得到满足", "", answering.figure("claim-met-rate")
    yield PASSED_ON, "移送其他机构", "合计", answering.figure("referred")
    for code in answering.parts("referred"):
        known = place.codes.routes.get(code)
        words = known.zh if known else code
        yield PASSED_ON, "移送机构", words, answering.part("referred", code)
    yield PUNISHED, "有处罚的案件", "合计", answering.figure("sanctioned")


def _none(why: str) -> FormAnswer:
    return not_recorded(why, "zh")


CN12315 = general("zh", _rows, compared=True)
