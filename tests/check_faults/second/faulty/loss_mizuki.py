import numpy as np


def softmax_loss(tokuten, seikai):
    """one-hot の正解に対する交差エントロピー

    戻り値は (損失, 勾配)
    """
    kazu = tokuten.shape[0]
    tokuten -= tokuten.max(axis=1, keepdims=True)
    bunbo = np.log(np.exp(tokuten).sum(axis=1, keepdims=True))
    log_kakuritsu = tokuten - bunbo
    sonshitsu = -(seikai * log_kakuritsu).sum() / kazu
    kobai = (np.exp(log_kakuritsu) - seikai) / kazu
    return sonshitsu, kobai
