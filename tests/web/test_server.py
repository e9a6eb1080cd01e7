"""What visitors of ``bptui serve`` have, and what they have not: each other's sittings, other folders, more places."""

import asyncio
import os
import signal
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import getfqdn, gethostname
from tempfile import gettempdir

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bptui.lessons.lesson import load_lesson
from bptui.persistence.session_file import parse_session
from bptui.session.session import Session
from tests.effort import mostly
from tests.processes import children, left
from tests.visits import Visit, visit
from tests.web.conftest import MOST

SAVE_LESSON = "\x1bOS"
ENTER, SAVE, OPEN, QUIT, PICTURE = "\r", "\x13", "\x0f", "\x11", "\x07"
RUN = Session.open(load_lesson("two-by-two")).run
RUN.train_to(3)
LOSSES = [f"{float(RUN.values(round_)['E']):.6f}" for round_ in (1, 2)]


def folders() -> set[Path]:
    """The folders of all visitors that the programs below this process are in."""
    return {Path(f"/proc/{one.pid}/cwd").resolve() for one in children() if "bptui.web.program" in one.words}


async def test_a_key_steps_and_the_number_that_comes_is_the_one_the_core_computes(
    port: int, client: ClientSession
) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(" ")
        await one.until(LOSSES[1])


async def test_each_visitor_has_a_sitting_of_their_own(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one, visit(client, port) as other:
        await one.until(LOSSES[0])
        await other.until(LOSSES[0])
        await one.type(" ")
        await one.until(LOSSES[1])
        await other.type("b")
        await other.until("this is the first round")


async def test_one_visitor_too_many_is_told_so_and_a_place_that_is_left_is_free_again(
    port: int, client: ClientSession
) -> None:
    async with visit(client, port) as first:
        await first.until(LOSSES[0])
        async with visit(client, port) as second, visit(client, port) as third:
            await second.until(LOSSES[0])
            await third.until("no place is free now")
            assert f"{MOST} visitors" in third.seen
        async with visit(client, port) as fourth:
            await fourth.until(LOSSES[0])


async def test_a_visitor_who_leaves_leaves_no_process_and_no_folder(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        (folder,), processes = folders(), children()
        assert folder.is_dir()
    assert await asyncio.to_thread(left, processes) == set()
    async with visit(client, port) as one:  # the folder goes before the place is free
        await one.until(LOSSES[0])
        assert not folder.exists()


async def test_a_program_that_is_quitted_closes_the_page(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(QUIT)
        await one.end(10.0)


async def test_a_program_that_is_killed_says_so_on_its_page_and_leaves_its_place(
    port: int, client: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with visit(client, port) as one, visit(client, port) as other:
        await one.until(LOSSES[0])
        await other.until(LOSSES[0])
        program = next(one for one in children() if "bptui.web.program" in one.words)

        os.kill(program.pid, 9)
        done, _ = await asyncio.wait(
            {asyncio.create_task(page.until("bptui has failed")) for page in (one, other)},
            return_when="FIRST_COMPLETED",
        )
        assert all(task.exception() is None for task in done)
        assert "a visitor's program failed: it was ended by signal 9" in caplog.text
        async with visit(client, port) as third:
            await third.until(LOSSES[0])


NO_MESSAGES = ["[]", '["stdin", "\\ud800"]', "[" * 99999, "", "{}", "[1]", '["stdin"]', '["resize", 3]']


@pytest.mark.parametrize("message", mostly(NO_MESSAGES[:3], NO_MESSAGES))
async def test_a_message_that_is_none_does_no_harm(port: int, client: ClientSession, message: str) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.socket.send_str(message)
        await one.type(" ")
        await one.until(LOSSES[1])


async def test_the_size_of_a_page_is_kept_within_bounds(port: int, client: ClientSession) -> None:
    async with visit(client, port, columns=10**9, rows=10**9) as one:
        await one.until(LOSSES[0])
        await one.socket.send_json(["resize", {"width": 80, "height": 24}])
        await one.type(" ")
        await one.until(LOSSES[1])


# What other sites must not


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80", "Origin": "http://evil.example:80"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost:80", "Origin": "http://localhost:81"}, 403),
        ({"Host": "localhost:80", "Origin": "http://localhost:80"}, 101),
        ({"Host": "[::1]:80"}, 101),
        ({"Host": "[fe80::1%eth0]:80"}, 403),
        ({"Host": '[fe80::1%"><b>x]:80'}, 403),
        ({"Host": "192.168.1.5:80"}, 101),
        ({"Host": gethostname().upper()}, 101),
        ({"Host": f"{gethostname()}.local:80"}, 101),
        ({"Host": getfqdn()}, 101),
    ],
)
async def test_only_the_page_itself_drives_the_program(
    port: int, client: ClientSession, headers: dict[str, str], status: int
) -> None:
    try:
        async with client.ws_connect(f"http://127.0.0.1:{port}/ws", headers=headers) as socket:
            assert socket._response.status == status
    except WSServerHandshakeError as refused:
        assert refused.status == status
    for path in ("/", "/static/js/textual.js"):
        async with client.get(f"http://127.0.0.1:{port}{path}", headers=headers) as answer:
            assert answer.status == (200 if status == 101 else status)


async def test_the_page_needs_nothing_from_elsewhere_and_is_shown_by_no_other_page(
    port: int, client: ClientSession
) -> None:
    async with client.get(f"http://127.0.0.1:{port}/?fontsize=1000000") as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "http" not in text and "127.0.0.1" not in text and 'data-font-size="72"' in text
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy


# Files


async def test_a_saved_sitting_is_downloaded_and_opens_again(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(" " + SAVE)
        await one.until("save this session")
        await one.type(ENTER)
        key = await one.until_file()
        async with client.get(f"http://127.0.0.1:{port}/download/{key}") as answer:
            assert 'filename="two-by-two.session.toml"' in answer.headers["Content-Disposition"]
            assert parse_session(await answer.text()).round == 2
        async with client.get(f"http://127.0.0.1:{port}/download/{key}") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("key", "heading"),
    [(SAVE, "save this"), (OPEN, "open a"), ("h", "write a"), (SAVE_LESSON, "save as a lesson")],
    ids=["save", "open", "report", "lesson"],
)
async def test_no_dialog_reaches_out_of_a_visitors_folder(
    port: int, client: ClientSession, key: str, heading: str
) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(key)
        await one.until(heading)
        await one.type("/../../mine.toml" + ENTER)  # behind the name that may be there
        await one.until("is outside your folder")


@pytest.mark.parametrize("name", ["~", "~/", "~/none/mine.toml"])
async def test_no_answer_names_the_folder_of_the_server(port: int, client: ClientSession, name: str) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(SAVE)
        await one.until("save this")
        await one.type("\x15" + name + ENTER)
        await one.until("cannot be written" if "none" in name else "already exists")
        assert "visitor-" not in one.seen and gettempdir() not in one.seen


async def test_a_report_is_downloaded_as_one_archive(port: int, client: ClientSession, tmp_path: Path) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type("h")
        await one.until("write a report")
        await one.type(ENTER)
        async with client.get(f"http://127.0.0.1:{port}/download/{await one.until_file()}") as answer:
            (tmp_path / "report.zip").write_bytes(await answer.read())
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert "two-by-two-report/report.md" in archive.namelist()


async def test_a_picture_of_the_screen_is_downloaded(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(PICTURE)
        async with client.get(f"http://127.0.0.1:{port}/download/{await one.until_file()}") as answer:
            assert (await answer.text()).startswith("<svg")
        await one.until("and downloaded")


async def test_a_file_that_nobody_fetched_is_gone_with_its_visit(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one:
        await one.until(LOSSES[0])
        await one.type(PICTURE)
        key = await one.until_file()
        await one.type(QUIT)
        await one.end(10.0)
    async with client.get(f"http://127.0.0.1:{port}/download/{key}") as answer:
        assert answer.status == 404


async def test_a_file_of_a_program_that_is_busy_comes_once_it_is_not(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one, held(client, port, one) as (program, answer):
        done, _ = await asyncio.wait({answer}, timeout=5.0)  # textual-serve gave up after 4
        assert not done
        os.kill(program, signal.SIGCONT)
        assert (await answer) == (200, True)


async def test_a_download_that_the_end_of_the_visit_breaks_off_is_refused(port: int, client: ClientSession) -> None:
    async with visit(client, port) as one, held(client, port, one) as (_, answer):
        await one.socket.close()
        assert (await asyncio.wait_for(answer, 10.0)) == (404, False)


@asynccontextmanager
async def held(
    client: ClientSession, port: int, one: Visit
) -> AsyncIterator[tuple[int, "asyncio.Task[tuple[int, bool]]"]]:
    """A program that is stopped, and what is asked of it: the answer's status, and whether it is a picture."""
    await one.until(LOSSES[0])
    await one.type(PICTURE)
    key = await one.until_file()
    (program,) = (one.pid for one in children() if "bptui.web.program" in one.words)

    async def asked() -> tuple[int, bool]:
        async with client.get(f"http://127.0.0.1:{port}/download/{key}") as answer:
            return answer.status, (await answer.text()).startswith("<svg")

    os.kill(program, signal.SIGSTOP)
    answer = asyncio.create_task(asked())
    await asyncio.sleep(0)
    yield program, answer
