"""What every test may use: Chromium if there is one, and `--no-skips` for whoever promises that nothing is missing."""

import gc
import shutil

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # how long something takes is measured in benchmarks/, never judged here
settings.load_profile("house")

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a test that would be skipped fails instead")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and here nothing may be skipped: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> pytest.CollectReport:
    report = yield
    if report.skipped and collector.config.getoption("--no-skips"):  # a module skipped as a whole
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and here nothing may be skipped"
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Everything that is loaded by now stays: to look through it again and again for what may go takes a tenth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; without one the test is skipped and says so."""
    for name in CHROMIUM:
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine: browser tests are left out")
