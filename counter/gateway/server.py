"""Runs a province: a PostgreSQL of its own where no other is named, the key, the HTTP server."""

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypeVar

import psycopg
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from psycopg.rows import dict_row

from counter.clock import Clock, system_clock, today
from counter.files import write_new
from counter.gateway import enrolment, status
from counter.gateway.app import build
from counter.gateway.call import Gateway, SendSms
from counter.gateway.database import Connection, pool, prepare
from counter.gateway.patience import PatientProtocol
from counter.gateway.persons.advance import advance
from counter.gateway.postgresql import own_postgresql
from counter.gateway.seeding import seed
from counter.gateway.setup import DEFAULT, Setup
from counter.gateway.tls import own_certificate
from counter.reference.load import load_reference

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Running:
    """A province that answers: its address, its public key (hex), its database.

    `ca` is the certificate (PEM) that its own TLS is known by, '' with another's or without TLS; `status` the address
    of the second listener (`counter.gateway.status`), '' without one.
    """

    url: str
    public_key: str
    database: str
    ca: str = ""
    status: str = ""


def serve(
    database: str | None,
    data_dir: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8441,
    setup: Setup = DEFAULT,
    sms_echo: bool = False,
    ready: Callable[[Running], None] = lambda _running: None,
) -> None:
    """Run a province in this thread until it is interrupted; `ready` is told once it accepts connections.

    Without `database` (a PostgreSQL address) a server of its own runs in `data_dir`, where the province's key lies too.
    """
    signal.signal(signal.SIGTERM, _end)
    server = _Server(database, data_dir, (host, port), setup=setup, sms_echo=sms_echo)
    server.run(lambda: ready(server.running))


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Stopped by a service manager it ends as any program does, so that its own PostgreSQL stops with it."""
    raise SystemExit(0)


@contextmanager
def running(
    database: str | None,
    data_dir: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    setup: Setup = DEFAULT,
    sms_echo: bool = False,
    send_sms: SendSms | None = None,
    clock: Clock = system_clock,
) -> Iterator[Running]:
    """A province in a thread of its own, for a demonstration and for tests; port 0 takes a free one."""
    server = _Server(
        database,
        data_dir,
        (host, port),
        setup=setup,
        sms_echo=sms_echo,
        send_sms=send_sms,
        clock=clock,
    )
    up = threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            server.run(up.set)
        except BaseException as error:
            failed.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=work, name="gateway", daemon=True)
    thread.start()
    up.wait()
    if failed:
        raise failed[0]
    try:
        yield server.running
    finally:
        server.stop()
        thread.join()


def seed_lines(database: str | None, data_dir: Path, lines: Iterable[str]) -> int:
    """Put seed rows into a province's database, running or not; gives their number. Raises `seed.SeedError`."""
    rows = seed.parse(lines)
    return _in_database(database, data_dir, lambda connection: seed.plant(connection, rows))


def advance_cards(
    database: str | None, data_dir: Path, entry: str = "", to: str = "", clock: Clock = system_clock
) -> int:
    """Take cards that are being made a milestone on (`counter.gateway.persons.advance`); gives how many have moved."""
    return _in_database(database, data_dir, lambda connection: advance(connection, today(clock), entry, to))


def make_code(database: str | None, data_dir: Path, branch: str, counter: str) -> str:
    """A one-time code that enrols this counter (登记码)."""
    return _in_database(database, data_dir, lambda connection: enrolment.make_code(connection, branch, counter))


def revoke(database: str | None, data_dir: Path, branch: str, counter: str) -> bool:
    """Take a counter's key back (吊销); False where it has none."""
    return _in_database(database, data_dir, lambda connection: enrolment.revoke(connection, branch, counter))


def enrolment_notes(database: str | None, data_dir: Path) -> list[enrolment.EnrolmentNote]:
    """What was done about counters' keys, oldest first."""
    return _in_database(database, data_dir, enrolment.notes)


def _in_database(database: str | None, data_dir: Path, work: Callable[[Connection], Coroutine[None, None, R]]) -> R:
    """Do something in a transaction of the province's database, whether the gateway runs or not."""
    address = _prepared(database, data_dir)

    async def go() -> R:
        async with await psycopg.AsyncConnection.connect(address, row_factory=dict_row) as connection:
            return await work(connection)

    return _run(go)


def _prepared(database: str | None, data_dir: Path) -> str:
    """The address of the database, which has this program's schema then; raises as `prepare` does."""
    address = database or own_postgresql(data_dir)
    prepare(address)
    return address


def province_key(data_dir: Path) -> Ed25519PrivateKey:
    """The key the province signs with, made at the first start; only its owner can read the file."""
    path = data_dir / "province.pem"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_new(path, pem)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("province.pem is not an Ed25519 key")
    return key


def public_key_of(data_dir: Path) -> str:
    """The province's public key (hex)."""
    return province_key(data_dir).public_key().public_bytes_raw().hex()


class _Server:
    """One uvicorn over one gateway; the socket is bound at once, so the address is known before it runs."""

    def __init__(
        self,
        database: str | None,
        data_dir: Path,
        address: tuple[str, int],
        *,
        setup: Setup,
        sms_echo: bool,
        send_sms: SendSms | None = None,
        clock: Clock = system_clock,
    ) -> None:
        database = _prepared(database, data_dir)
        self._socket = _listen(*address)
        self._gateway = Gateway(
            pool(database, setup.pool),
            province_key(data_dir),
            load_reference(data_dir),
            send_sms,
            sms_echo,
            clock,
            setup,
        )
        certificate = own_certificate(data_dir / "tls", address[0]) if setup.tls is True else setup.tls or None
        config = uvicorn.Config(
            build(self._gateway),
            http=PatientProtocol,
            limit_concurrency=setup.connections,
            ssl_certfile=certificate and certificate.certificate,
            ssl_keyfile=certificate and certificate.key,
            access_log=False,
            log_config=None,
            log_level="warning",
            lifespan="on",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        self._uvicorn = _Uvicorn(config)
        self._status = None if setup.status_port is None else _Status(self._gateway, setup.status_port)
        self.running = Running(
            _url("https" if certificate else "http", address[0], self._socket),
            self._gateway.public_key,
            database,
            certificate.ca if certificate else "",
            self._status.url if self._status else "",
        )

    def run(self, ready: Callable[[], None]) -> None:
        self._uvicorn.ready = ready
        _run(self._serve)
        if not self._uvicorn.started:
            raise RuntimeError("the gateway did not start; its log says why")

    async def _serve(self) -> None:
        """Both listeners; the second is up before the first, and ends after it."""
        async with AsyncExitStack() as stack:
            if self._status:
                await stack.enter_async_context(self._status.serving())
            await self._uvicorn.serve(sockets=[self._socket])

    def stop(self) -> None:
        self._uvicorn.should_exit = True


class _Status(uvicorn.Server):
    """The second listener, on this machine's own address whatever the first one listens to; signals are the first's."""

    def __init__(self, gateway: Gateway, port: int) -> None:
        config = uvicorn.Config(
            status.build(gateway),
            limit_concurrency=16,
            access_log=False,
            log_config=None,
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        super().__init__(config)
        self._socket = _listen(status.HOST, port)
        self.url = _url("http", status.HOST, self._socket)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """It answers inside."""
        answering = asyncio.create_task(self.serve(sockets=[self._socket]))
        try:
            yield
        finally:
            self.should_exit = True
            await answering


class _Uvicorn(uvicorn.Server):
    """Says when it is up."""

    ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def _url(scheme: str, host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP: only then asyncio turns Nagle off, which costs 40 ms an answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:  # another has it: said by its name
        listener.close()
        raise OSError(error.errno, error.strerror, f"{host}:{port}") from error
    listener.listen(128)
    return listener


def _run(main: Callable[[], Coroutine[None, None, R]]) -> R:
    """As asyncio.run; on Windows with the one kind of loop that psycopg works on."""
    loop = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(main())
