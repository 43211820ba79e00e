"""A network as an estimator of scikit-learn. Must not know files or pages; needs the extra `sklearn`.

>>> from convlens.sklearn import ConvNetClassifier
>>> from sklearn.datasets import load_digits
>>> X, y = load_digits(return_X_y=True)  # 8x8 pictures as rows of 64 numbers
>>> ConvNetClassifier(epochs=10, random_state=0).fit(X / 16, y).score(X / 16, y) > 0.9
True
"""

from convlens.errors import missing_extra

try:
    import sklearn as _  # noqa: F401 (whether it is there)
except ImportError:
    raise missing_extra("convlens.sklearn", "sklearn") from None

from convlens.sklearn.classifier import ConvNetClassifier

__all__ = ["ConvNetClassifier"]
