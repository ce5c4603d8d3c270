"""Whether a danger that was said to be over goes on: read only where one was."""

from __future__ import annotations

import pytest

from nlp.still import still_there


@pytest.mark.parametrize("words", [
    "人还在电梯里没出来！", "还困着呢，根本没人来", "人呢？水还在流！", "还有危险", "火还没灭", "还在冒烟呢", "还漏着呢", "没人来啊",
    "还有烟味", "水还流着呢", "还是有煤气味", "又着起来了", "还没救出来", "人还没救出来", "还是很危险", "还没来人", "根本没人来过",
    "人还没到", "他还在上面要跳", "还有人困在里面",
])
def test_it_goes_on(words: str) -> None:
    assert still_there(words)


@pytest.mark.parametrize("words", [
    "还没修好呢", "已经没有危险了，谢谢", "还要等多久", "还有，楼道灯也不亮", "没事了，不危险了", "火灭了", "人出来了", "谢谢", "什么时候来修",
    "水停了，地板泡了", "我还没到家", "还没来电话", "还有楼下漏水的事呢", "还有困难要说", "", "好的",
])
def test_it_does_not(words: str) -> None:
    assert not still_there(words)
