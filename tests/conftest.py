"""One embedded PostgreSQL for a whole run of the tests, shared by all its processes.

The first process makes a home in a temporary folder and names it in the environment, which
pytest-xdist hands to its workers. The cluster starts when the first test asks for a database.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest
from django.conf import settings
from django.db.backends.postgresql.creation import DatabaseCreation

from luoshi.store.embedded import Cluster, cluster_below

if TYPE_CHECKING:
    from tests.small_city import Watch

PATIENT = hypothesis.settings(  # how long others keep the machine says nothing about us
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("search", PATIENT)  # pytest --hypothesis-profile=search
hypothesis.settings.register_profile("house", PATIENT, derandomize=True, database=None)
hypothesis.settings.load_profile("house")  # the same examples each time: no test fails by chance

OURS = "LUOSHI_TEST_HOME_OF"  # the process that made the home removes it


def _make_home() -> None:
    home = Path(tempfile.mkdtemp(prefix="luoshi-test-"))
    home.chmod(0o711)  # PostgreSQL's account must be able to pass
    os.environ["LUOSHI_HOME"] = str(home)
    os.environ[OURS] = str(os.getpid())


for name in [name for name in os.environ if name.startswith("LUOSHI_")]:
    if OURS not in os.environ and name != "LUOSHI_SHARED_DATA":
        del os.environ[name]  # a developer's own settings are no part of a test
if OURS not in os.environ:
    _make_home()
os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.config.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in the thread of the tests
django.setup()  # fixtures of a folder given on the command line are read before pytest-django does
HOME: Path = settings.LUOSHI.home  # reads the settings: pytest-django sets up what is configured


def _test_cluster() -> Cluster:
    return Cluster(cluster_below(HOME).folder, durable=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home, in the process that made it."""
    if os.environ.get(OURS) == str(os.getpid()):
        cluster = _test_cluster()
        if cluster.folder.exists():
            cluster.stop()
        shutil.rmtree(HOME)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The running cluster of this run; commits do not wait for the disk."""
    with _test_cluster().held() as running:
        yield running


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    cluster: Cluster, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Start the cluster before pytest-django makes its test database, one for each worker."""


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_tables() -> Iterator[None]:
    """Lift the guard of the facts for the one statement that empties all tables between tests."""
    from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: PLC0415

    kept = DatabaseOperations.sql_flush

    def sql_flush(
        self: DatabaseOperations, style: object, tables: list[str], **how: bool
    ) -> list[str]:
        statements = kept(self, style, tables, **how)
        if "luoshi_fact" not in tables:
            return statements
        guard = "ALTER TABLE luoshi_fact {} TRIGGER luoshi_fact_table"
        return [guard.format("DISABLE"), *statements, guard.format("ENABLE ALWAYS")]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = kept


@pytest.fixture(scope="session", autouse=True)
def _a_forgotten_connection_keeps_no_database() -> None:
    """Drop the test database at the end, also when a thread or a server still holds it."""

    def drop(self: DatabaseCreation, name: str, _verbosity: int) -> None:
        with self._nodb_cursor() as run:
            run.execute(
                f"DROP DATABASE IF EXISTS {self.connection.ops.quote_name(name)} WITH (FORCE)"
            )

    DatabaseCreation._destroy_test_db = drop


@pytest.fixture(autouse=True)
def _nobody_has_sent_anything_yet() -> None:
    """Let every test send as many reports in a minute as one person's address may."""
    from luoshi.apps.intake.send import PACE  # noqa: PLC0415

    PACE.forget()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Time stands still on a working Monday morning until the test winds it."""
    from tests.small_city import MONDAY, Watch  # noqa: PLC0415

    from luoshi.actions import clock  # noqa: PLC0415

    watch = Watch(MONDAY)
    monkeypatch.setattr(clock, "now", lambda: watch.now)
    return watch
