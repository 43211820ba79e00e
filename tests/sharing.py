"""Threads that start together and do the same thing many times, each with its own argument."""

import threading

THREADS, ROUNDS = 4, 30


def results_of(call, arguments, rounds=ROUNDS):
    """Per thread what `call(argument)` returned in each round; an error that it raised counts as returned."""
    barrier, results = threading.Barrier(len(arguments)), [[] for _ in arguments]

    def work(place, argument):
        barrier.wait()
        for _ in range(rounds):
            try:
                results[place].append(call(argument))
            except Exception as error:  # noqa: BLE001 (the test says which are right)
                results[place].append(error)

    threads = [threading.Thread(target=work, args=each) for each in enumerate(arguments)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
