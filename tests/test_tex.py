"""TeX read as text and as HTML: what a reader sees, what search compares, and that nothing in a title can become markup."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman import tex

TEX_BITS = st.sampled_from(
    [
        *"\\{}$~%&#_^'\"`-<>[]() \n",
        "\\emph{",
        "\\'",
        "{\\",
        "\\url{",
        "\\href{",
        "\\begin{x}",
        "\\text",
        "$x^2$",
        "\\(",
        "\\)",
        "\\[",
        "$$",
        "--",
        "\\noopsort{",
        "\\char",
        "\\ensuremath{",
        "é",
        "a",
        "B",
        "1",
        "javascript:",
        "http://a.b/",
        "\\verb|",
        "\udc80",
        "\x00",
        "\u202e",
    ]
)
TEX = st.lists(TEX_BITS | st.text(max_size=4), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M\"{u}ller", "Müller"),
        (r"M\"uller", "Müller"),
        (r"M{\" u}ller", "Müller"),
        (r"\'\i \'{\i} {\'{\i}} {\'\i}", "íí í í"),
        (r"Fran\c{c}ois, Fran\c cois, Fran{\c c}ois", "François, François, François"),
        (r"\v{S}\v s {\v s} Ho\v{r}ava", "Šš š Hořava"),
        (r"Erd\H{o}s, Nystr\"{o}m, \=a, \.z, \u{g}, \k{a}, \d{s}, \r{u}", "Erdős, Nyström, ā, ż, ğ, ą, ṣ, ů"),
        (r"\L{}ukasz, {\L}ukasz, \L ukasz", "Łukasz, Łukasz, Łukasz"),
        (r"{\ss}\ss{} \o{} \O{} {\aa} \AE{} \oe{} \i", "ßß ø Ø å Æ œ ı"),
        (r"pp.~1--9 --- ``quoted'' and `so'", "pp. 1–9 — “quoted” and ‘so’"),
        (r"R\&D, 50\%, \#1, a\_b, \$5, \{x\}", "R&D, 50%, #1, a_b, $5, {x}"),
        (r"{N}eural {\em Tangent} \textbf{Kernel}", "Neural Tangent Kernel"),
        (r"\foo{bar} \foo[opt]{bar} \relax \VAX{} \unknown baz", "bar bar VAX baz"),
        (r"\TeX{} and \LaTeX", "TeX and LaTeX"),
        (r"\noopsort{1973b}1973 \vphantom{g}x", "1973 x"),
        (r"\url{http://a.b/~c\_d} \href{http://a.b}{there}", "http://a.b/~c_d there"),
        (r"Rate $O(1/k^2)$, \(x_1\)", "Rate $O(1/k^2)$, $x_1$"),
        ("\\uppercase{abc} \\char65 \\char'101 \\char\"41", "ABC AAA"),
        ("a\n  folded\tline", "a folded line"),
        (r"-{}-, \~{}, \^{}, \textasciitilde", "--, ~, ^, ~"),
        (r"`{S}o', don't", "‘So’, don't"),
        (r"\cyrchar\CYRA\cyrshch, d{\'}A, \verb|x_y|, \char`\\", "Ащ, d’A, x_y, \\"),
        (r"\{\vphantom\}{{GaAs}}\vphantom\{\}", "{GaAs}"),
        (r"stray } and { braces", "stray and braces"),
        ("turned\u202eback\u2066", "turnedback"),
        ("undecodable \udcfc \ud800", "undecodable ü \ufffd"),
    ],
)
def test_a_value_is_shown_as_its_reader_expects(source: str, shown: str) -> None:
    assert tex.to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$O(1/k^2)$", "O(1/k²)"),
        (r"$\ell_\infty$-geometry of $\mu$P", "ℓ_∞-geometry of μP"),
        (r"TiO$_2$, H$_{2}$O, x$^{10}$, $x^2k$", "TiO₂, H₂O, x¹⁰, x²k"),
        (r"$\frac{1}{2}$, $\tfrac12$, $\bar{x}$, $\log n$, $\mathbb{R}^d$", "1/2, 1/2, x̄, log n, R^d"),
    ],
)
def test_math_is_shown_in_plain_characters(source: str, shown: str) -> None:
    assert tex.to_text(source) == shown


@pytest.mark.parametrize(
    "title",
    [
        "costs $5 and $6",
        r"a \$34m model",
        "$34m and $40m in prizes",
        "from $5/$6 to $7",
        "US$5–US$6",
        "{$}5 vs {$}6",
        "only one $ here",
    ],
)
def test_a_price_is_no_math(title: str) -> None:
    assert "<" not in tex.to_html(title)
    assert tex.to_unicode(title) == title.replace("\\", "").replace("{", "").replace("}", "")


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        (r"\emph{a \textbf{b}}", "<em>a <b>b</b></em>"),
        (r"{\em a \bf b} c", "<em>a <b>b</b></em> c"),
        (r"\textsuperscript{2} \textsubscript{3} \texttt{x}", "<sup>2</sup> <sub>3</sub> <code>x</code>"),
        (r"\textsc{Foo}", '<span class="small-caps">Foo</span>'),
        (r"\url{http://a.b/?x=1&y=2}", '<a href="http://a.b/?x=1&amp;y=2">http://a.b/?x=1&amp;y=2</a>'),
        (r"\href{javascript:alert(1)}{x}", "x"),
        (r"\href{http://a}{b \href{http://c}{d}}", '<a href="http://a">b d</a>'),
        ("<script>\"&amp;'", "&lt;script&gt;&quot;&amp;amp;&#x27;"),
        (r"$x<y$", "<math><mi>x</mi><mo>&lt;</mo><mi>y</mi></math>"),
        (r"$a$$b$", "<math><mi>a</mi></math><math><mi>b</mi></math>"),
        (r"$$a$$$b$", "<math><mi>a</mi></math><math><mi>b</mi></math>"),
        (r"$a \! b_{\textrm{2}}\slash \mbox{x}$", tex.to_html(r"$a b_{\text{2}}/\text{x}$")),
        (r"$\undefinedmacro<$", '<span class="math">\\undefinedmacro&lt;</span>'),
        (r"$\href{javascript:alert(1)}{x}$", '<span class="math">\\href{javascript:alert(1)}{x}</span>'),
        (r"unclosed \emph{a", "unclosed <em>a</em>"),
    ],
)
def test_markup_is_written_as_html(source: str, markup: str) -> None:
    assert tex.to_html(source) == markup


def test_links_can_be_left_out() -> None:
    assert tex.to_html(r"\href{http://a}{b} and \url{http://c}", links=False) == "b and http://c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"M{\"u}ller", "Müller"),
        ("{N}eural {T}angent", "Neural Tangent"),
        ("1--9", "1–9"),
        ("1-9", "1--9"),
        ("a --- b", "a—b"),
        ("``a''", "“a”"),
        ("R\\&D", "R&D"),
        ("a\n b", "a b"),
        ("TiO$_2$", r"TiO\textsubscript{2}"),
        (r"http://a.b/x\_y", "http://a.b/x_y"),
        (r"http://a.b/\~{}x", "http://a.b/~x"),
    ],
)
def test_two_spellings_of_one_value_are_the_same(one: str, other: str) -> None:
    assert tex.same(one, other)
    assert tex.fold(one) == tex.fold(other)


@pytest.mark.parametrize(("one", "other"), [("Muller", "Müller"), ("relu", "ReLU"), ("a", "b"), ("x$_1$", "x$_2$"), ("", "a")])
def test_different_values_are_not_the_same(one: str, other: str) -> None:
    assert not tex.same(one, other)


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        (r"{\L}ojasiewicz, Erd{\H o}s & {\O}rsted", "lojasiewicz erdos orsted"),
        ("Wide-and-Deep: Nets", "wide and deep nets"),
        (r"$\ell_\infty$-geometry", "l∞ geometry"),
        ("ﬁne Straße", "fine strasse"),
        ("プログラム 학습", "プログラム 학습".replace("グ", "グ")),
    ],
)
def test_folding_leaves_what_search_compares(source: str, folded: str) -> None:
    assert tex.fold(source) == folded


@given(TEX)
@settings(max_examples=150, deadline=None)
def test_folding_twice_is_folding_once(source: str) -> None:
    assert tex.fold(tex.fold(source)) == tex.fold(source)


@given(TEX)
@settings(max_examples=200, deadline=None)
def test_no_text_can_raise_or_become_foreign_markup(source: str) -> None:
    tex.to_unicode(source).encode()
    tex.to_text(source).encode()
    markup = tex.to_html(source)
    root = ElementTree.fromstring(f"<p>{markup}</p>")
    for element in root.iter():
        assert element.tag in {*["p", "em", "i", "b", "u", "code", "sup", "sub", "span", "a", "math"]} or element.tag[0] == "m"
        assert not any(name.startswith("on") or name in {"style", "id", "src"} for name in element.attrib)
        assert element.get("href", "http:").startswith(("http:", "https:", "mailto:", "ftp:"))


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "}",
        "\\'{",
        "\\emph{",
        "$",
        "\\(",
        "\\( {",
        "\\ensuremath{",
        "\\href{",
        "\\'{\\emph{",
        "$x$",
        "{\\em ",
        "1,",
        "\\frac",
    ],
)
def test_hostile_length_is_read_in_linear_time(unit: str) -> None:
    """Quadratic work on this input would take very long, and recursion would end in an error."""
    source = unit * (30_000 // len(unit))
    assert isinstance(tex.to_html(source), str)
    assert isinstance(tex.fold(source), str)
    assert isinstance(tex.protect(source), str)


@pytest.mark.parametrize("formula", ["{" * 50_000 + "x" + "}" * 50_000, r"\sqrt " * 120 + "x", "x^{" * 110 + "}" * 110])
def test_deep_math_is_shown_as_its_source(formula: str) -> None:
    assert tex.to_html(f"${formula}$").startswith('<span class="math">')
