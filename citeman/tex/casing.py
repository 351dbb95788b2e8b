"""Titles in capitals throughout, calmed down to Title Case."""

from __future__ import annotations

import re

_ACRONYMS = (
    "ADAM AI ANN API ATLAS AUC BERT CERN CIFAR CMS CNN CPU CUDA DAG DNA DNN EEG ELBO EM EU FFT GAN GP GPT GPU HIV HMM "
    "ICA IID IQ KL LASER LHC LLM LSTM MAP MCMC ML MLE MLP MNIST MRI NASA NLP NMF NP NTK ODE OLS PAC PCA PDE PI QCD "
    "QED RELU RKHS RL RNA RNN SAM SDE SGD SVD SVM UK UN US USA VAE VC XAI II III IV VI VII VIII IX XI XII"
)
ACRONYMS = frozenset(_ACRONYMS.split())
"""What stays in capitals in a title whose capitals mean nothing; a word without vowels stays too."""

_LITTLE = (
    "a an and are as at but by for from if in into is its nor not of off on onto or over per so than that the their "
    "to under upon via vs when with within without yet al au aux con da das de del der des di die du e ein eine el en "
    "et i im la las le les los mit para por un una und une von y zu zum zur"
)
LITTLE = frozenset(_LITTLE.split())
"""Words that Title Case writes small."""

_TOKEN = re.compile(r"https?://\S+|\$[^$]*\$|\\[A-Za-z]+|[^\W_]+(?:['’][^\W_]+)*")
_VOWEL = re.compile(r"[AEIOUYÀ-ÆÈ-ÏÒ-ÖØ-Ý]")
_BRACES = re.compile(r"(?<![\w}\\])\{([^{}\\$]*)\}")
_STARTS = re.compile(r"(?:\A|[:.?!—–])\W*\Z")


def calm(title: str) -> str:
    """Return a title in capitals throughout in Title Case, known acronyms kept; any other title as it is."""
    bare = _BRACES.sub(r"\1", title)
    if not is_shouted(bare):
        return title
    return _TOKEN.sub(
        lambda match: _calm_word(match.group(), bool(_STARTS.search(bare[max(0, match.start() - 4) : match.start()]))), bare
    )


def is_shouted(title: str) -> bool:
    """Say whether a title of several words is in capitals throughout."""
    words = [word for word in _TOKEN.findall(title) if len(word) > 1 and word.isalpha()]
    shouting = [word for word in words if word.isupper()]
    if len(words) < 3 or len(shouting) < 0.8 * len(words):
        return False
    return any(word.lower() in LITTLE for word in shouting) or sum(map(len, words)) > 6 * len(words)


def _calm_word(word: str, starts: bool) -> str:
    if not word.isupper() or word in ACRONYMS or any(char.isdigit() for char in word):
        return word
    if word.removesuffix("S") in ACRONYMS and len(word) > 3:
        return word[:-1] + "s"
    if not re.search(r"[A-Z]", word):
        return word.capitalize() if starts else word.lower()
    if word.lower() in LITTLE and not starts:
        return word.lower()
    return word if len(word) > 1 and not _VOWEL.search(word) else word.capitalize()
