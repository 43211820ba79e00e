"""What scikit-learn itself asks of an estimator."""

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.utils.estimator_checks import parametrize_with_checks

from convlens.sklearn import ConvNetClassifier

CHECKED = [ConvNetClassifier(), ConvNetClassifier(epochs=30, learning_rate=0.01, dtype="float64")]


def excepted(estimator):
    """The checks that cannot pass, and why; in float64 there is none."""
    if estimator.dtype == "float64":
        return {}
    reason = "wants seven digits after twenty epochs, which float32 does not have; float64 passes it"
    return {"check_sample_weight_equivalence_on_dense_data": reason}


@parametrize_with_checks(CHECKED, expected_failed_checks=excepted)
def test_scikit_learn_takes_it(estimator, check):
    """Each of its checks."""
    check(estimator)
