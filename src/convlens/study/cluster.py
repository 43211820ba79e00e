"""A Dask cluster whose workers make runs, one thread a run. Must not know designs.

What goes there is a config and the checksums of its data; what comes back is the run's folder, on a file
system that both see, or else as bytes. `distributed` is an extra: it is imported when a cluster is asked for.
The scheduler needs no convlens: what it passes on are bytes.
"""

import pickle
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from convlens.errors import ConvlensError, UsageError, missing_extra, shown
from convlens.files import explained, write_text
from convlens.runs import SentConfig, SentData, unpacked
from convlens.study.made_there import Returned, Sent
from convlens.study.planned import Planned

__all__ = ["Cluster", "cluster", "receive"]

_PATIENCE = 20  # seconds until a scheduler has answered
_called = lambda call: __import__("pickle").loads(call)()  # noqa: E731 (it goes there as code, not by name)

_T = TypeVar("_T")


class Cluster(Executor):
    """An executor that hands calls to a cluster's workers.

    Args:
        address: of the scheduler.
        client: of `distributed`, connected.
        token: a file beside the runs, and what it says.
    """

    def __init__(self, address: str, client: Any, token: tuple[str, str]) -> None:  # noqa: ANN401 (not typed)
        self._address, self._client, self._token = address, client, token
        self._data: dict[tuple[str, str], SentData] = {}

    @property
    def n_threads(self) -> int:
        """How many calls its workers make at once."""
        return sum(self._client.nthreads().values())

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:  # noqa: ANN401
        """Have a call made by whichever worker is free; it is given each `Planned` as `send` returns it."""
        ours: Future[_T] = Future()
        given = [self.send(one) if isinstance(one, Planned) else one for one in args]
        call = pickle.dumps(partial(fn, *given, **kwargs))
        theirs = self._client.submit(_called, call, key=f"convlens-{secrets.token_hex(8)}", pure=False)
        ours.add_done_callback(lambda done: theirs.cancel() if done.cancelled() else None)
        theirs.add_done_callback(partial(self._hear, ours))
        return ours

    def send(self, planned: Planned) -> Sent:
        """Return a run as a worker is told of it."""
        config = planned.config
        data = (config.data, config.size)
        if data not in self._data:
            self._data[data] = SentData.from_home(config)
        return Sent(
            SentConfig.from_home(config),
            self._data[data],
            str(planned.folder.absolute()),
            planned.command,
            version("convlens"),
            self._token,
        )

    def _hear(self, ours: Future[Any], theirs: Any) -> None:  # noqa: ANN401 (not typed)
        """Hear of a call that is done, in a thread of its own.

        All clients of a process share one thread for this, and the result of a worker that has ended
        meanwhile may take as long as the call itself, or never come: nobody else shall wait for it.
        """
        threading.Thread(target=self._settle, args=(ours, theirs), daemon=True).start()

    def _settle(self, ours: Future[Any], theirs: Any) -> None:  # noqa: ANN401 (not typed)
        """Hear what became of a call."""
        if ours.cancelled():
            return
        try:
            result = theirs.result()
        except Exception as error:  # noqa: BLE001 (whoever asks the future gets it)
            with suppress(InvalidStateError):  # it was taken back meanwhile
                ours.set_exception(self._explained(error))
        else:
            with suppress(InvalidStateError):
                ours.set_result(result)

    def _explained(self, error: Exception) -> Exception:
        """Return what is said of an error that is the cluster's, not the run's."""
        kind = type(error).__name__
        if isinstance(error, ModuleNotFoundError):
            what = f"has no module {error.name}: install convlens {version('convlens')} there"
            return ConvlensError(f"a worker of the cluster at {self._address} {what}.")
        if kind == "KilledWorker":
            what = "several workers of the cluster ended over it, one after the other"
            return ConvlensError(f"{what}: is there enough memory?")
        if kind in {"FutureCancelledError", "CancelledError"}:
            return ConvlensError(f"the connection to the scheduler at {self._address} was lost.")
        return error


def receive(planned: Planned, returned: Returned) -> tuple[str, ...]:
    """Take in what a worker gave back of a run, and return what the Trainer said of it.

    Raises:
        ConvlensError: it could not be made there, or came back damaged.
    """
    if returned.error is not None:
        raise returned.error
    if returned.files is not None:
        unpacked(returned.files, planned.config, planned.folder)
    return returned.notes


@contextmanager
def cluster(address: str, folder: Path) -> Iterator[Cluster]:
    """Yield a cluster's workers; what is under way when the block ends is stopped.

    Args:
        address: of the scheduler, such as tcp://192.168.0.5:8786.
        folder: of the runs; a file lies in it meanwhile, by which workers know that they see it, too.

    Raises:
        UsageError: `distributed` is not installed, or no scheduler could have this address.
        ConvlensError: no scheduler answers there.
    """
    client = _client(address)
    token = folder.absolute() / f".{secrets.token_hex(8)}.token"
    try:
        with explained("make", token.parent):
            token.parent.mkdir(parents=True, exist_ok=True)
        secret = secrets.token_hex(16)
        write_text(token, secret)
        yield Cluster(address, client, (str(token), secret))
    finally:
        with suppress(OSError):
            token.unlink(missing_ok=True)
        with suppress(Exception):  # it is of no use any more, whatever is wrong with it
            client.close(timeout=_PATIENCE)


def _client(address: str) -> Any:  # noqa: ANN401 (not typed)
    """Return a client that is connected."""
    try:
        import distributed  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError:
        raise missing_extra("`--dask`", "dask") from None
    client: Any = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(address, timeout=_PATIENCE, set_as_default=False)
    except (ValueError, OSError, TimeoutError) as error:
        with suppress(Exception):  # one that is left to the garbage collector may stop the next one for ever
            client.close(timeout=_PATIENCE)
        raise _no_scheduler(address, error) from None
    return client


def _no_scheduler(address: str, error: Exception) -> ConvlensError:
    if isinstance(error, ValueError):
        rule = "the address of a Dask scheduler, such as tcp://192.168.0.5:8786"
        return UsageError(f"`--dask` must be {rule}. Got {shown(address)} ({error}).")
    return ConvlensError(f"no Dask scheduler answers at {address} ({str(error) or type(error).__name__}).")
