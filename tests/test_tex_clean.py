"""Titles as publishers and arXiv send them, made values for references.bib."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman import tex

MARKUP = st.sampled_from(
    [
        "<i>",
        "</i>",
        "<sub>",
        "</sub>",
        "<scp>",
        "&amp;",
        "&lt;",
        "&gt;",
        "&amp;lt;i&amp;gt;",
        "<mml:math>",
        "</mml:math>",
        "<math><mi>x</mi></math>",
    ]
)
TEXT = st.sampled_from([*"{}\\$<>&;[]~ aB.*", "\\emph{", "[ITAL]", "[/ITAL]", "THE ", "NET ", "Ã¼", "\udc81", "\x00"])
RAW = st.lists(MARKUP | TEXT | st.text(max_size=4), max_size=25).map("".join)

MML = "http://www.w3.org/1998/Math/MathML"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("On the edge\n  of   stability ", "On the edge of stability"),
        (
            "Growth of <i>E. coli</i> in Co<sub>2</sub>O and 10<sup>3</sup>",
            r"Growth of \emph{E. coli} in {Co}\textsubscript{2}{O} and 10\textsuperscript{3}",
        ),
        ("R&amp;amp;D &lt;p&gt;at&amp;nbsp;sea&lt;/p&gt;", r"{R\&D} at sea"),
        ("Bounds for 1 &lt; p &lt; 2", "Bounds for 1 < p < 2"),
        ("In tumours (\n <i>TP53</i>\n )", r"In tumours (\emph{TP53})"),
        ("Variants in<i>TP53</i>fusion genes", r"Variants in \emph{TP53} fusion genes"),
        ("Package for <scp>AI</scp> in <sc>l</sc>-lysine", r"Package for {AI} in \textsc{l}-lysine"),
        ("Bold <b></b>facts<br/>here", "Bold facts here"),
        ("The [ITAL]Kepler[/ITAL] field", r"The \emph{Kepler} field"),
        (r"P$\less$0.05 in R{\&}amp$\mathsemicolon$D", r"P<0.05 in {R\&D}"),
        ("Müller read as MÃ¼ller; thoâ€™", "Müller read as {Müller}; tho’"),
        (r"Schr\"odinger's {\'e}tale {NTK} \& $\lambda_1$", r"Schrödinger's étale {NTK} \& $\lambda_1$"),
        (r"The {\Lambda}CDM model", "The {ΛCDM} model"),
        (r"\emph{Why} ``so'' \textbf{bold}?", r"\emph{Why} “so” \textbf{bold}?"),
        ("Learning to learn.", "Learning to learn"),
        ("Learning to learn and so on etc.", "Learning to learn and so on etc."),
        ("A theory of everything∗", "A theory of everything"),
        ("A* search and Q*", "A* search and {Q}*"),
        ("Amines<sup>1</sup>", "Amines"),
        ("lost \ufffd character", "lost \ufffd character"),
        (r"W^- to {W}\^{}+ \{a\}", r"W\textasciicircum{}- to {W}\textasciicircum{}+ \textbraceleft{}a\textbraceright{}"),
        ("Costs $5 and $6", r"Costs \$5 and \$6"),
    ],
)
def test_an_upstream_title_becomes_a_value(raw: str, value: str) -> None:
    assert tex.clean_title(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (
            "DEEP LEARNING WITH SGD AND THE NTK: AN ANALYSIS OF CNNS",
            "Deep Learning with {SGD} and the {NTK}: An Analysis of {CNNs}",
        ),
        ("LE FINANCEMENT PARTICIPATIF : UNE ALTERNATIVE", "Le Financement Participatif: Une Alternative"),
        ("МОДЕЛЬ СИСТЕМНОЙ ДИНАМИКИ", "Модель системной динамики"),
        ("{EVOLUTION} {OF} {LEAF} {STRUCTURE}", "Evolution of Leaf Structure"),
        ("BERT-LIKE MODELS FOR 3D VISION, PART II", "{BERT}-Like Models for {3D} Vision, Part {II}"),
        ("PAC BAYES SGD", "{PAC} {BAYES} {SGD}"),
        ("NASA and ESA", "{NASA} and {ESA}"),
    ],
)
def test_a_title_in_capitals_is_calmed_down(raw: str, value: str) -> None:
    assert tex.clean_title(raw) == value


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ("<mi>x</mi>", "$x$"),
        ("<msub><mi>ℓ</mi><mi>∞</mi></msub>", r"$\ell_{\infty}$"),
        ("<msub><mrow><mi mathvariant='normal'>LaSrVO</mi></mrow><mn>4</mn></msub>", r"$\mathrm{LaSrVO}_{4}$"),
        (
            "<mrow><mi>O</mi><mo>(</mo><mfrac><mn>1</mn><msup><mi>k</mi><mn>2</mn></msup></mfrac><mo>)</mo></mrow>",
            r"$O(\frac{1}{k^{2}})$",
        ),
        ("<msqrt><mi>n</mi></msqrt>", r"$\sqrt{n}$"),
        ("<msubsup><mi>x</mi><mn>1</mn><mi>α</mi></msubsup>", r"$x_{1}^{\alpha}$"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", r"$\bar{x}$"),
        ("<mtext>p &lt; 5%</mtext>", r"$\text{p < 5\%}$"),
        ("<mn>42</mn>", "42"),
        ("<mi>unclosed", "unclosed"),
    ],
)
def test_mathml_becomes_tex(markup: str, value: str) -> None:
    raw = f'The <mml:math xmlns:mml="{MML}">{markup.replace("<m", "<mml:m").replace("</m", "</mml:m")}</mml:math> norm'
    assert tex.clean_title(raw) == f"The {value} norm"


def test_mathml_is_shown_again_as_mathml() -> None:
    raw = "The <math><msub><mi>ℓ</mi><mi>∞</mi></msub></math> norm"
    assert tex.to_html(tex.clean_title(raw)) == "The <math><msub><mi>ℓ</mi><mi>∞</mi></msub></math> norm"


def test_the_name_of_a_journal_keeps_its_capitals() -> None:
    assert tex.clean_text("PLOS ONE &amp; <i>Friends</i>.") == r"PLOS ONE \& \emph{Friends}."


@given(RAW)
@settings(max_examples=300, deadline=None)
def test_any_title_becomes_a_value_that_can_be_kept(raw: str) -> None:
    value = tex.clean_title(raw)
    value.encode()
    assert "\n" not in value
    assert value == value.strip()
    depth = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    "unit",
    [
        "<i>",
        "</i>",
        "<i></b>",
        "&amp;",
        "<math>",
        "<mml:math><",
        "[ITAL]",
        "<a ",
        "{",
        "\\emph{",
        "$",
        "THE NET ",
        "Ã",
        ". ",
        "*",
    ],
)
def test_hostile_length_is_cleaned_in_linear_time(unit: str) -> None:
    """Quadratic work on this input would take very long."""
    assert isinstance(tex.clean_title(unit * (40_000 // len(unit))), str)
