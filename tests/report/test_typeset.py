"""The small subset of Markdown, on a page, in a summary and in a terminal."""

from html import escape

import pytest

from grader.report import typeset


@pytest.mark.parametrize(
    ("text", "page", "terminal"),
    [
        ("Use `axis` here.", "Use <code>axis</code> here.", "Use `axis` here."),
        ("s_i·(1 − s_i)", "s<sub>i</sub>·(1 − s<sub>i</sub>)", "sᵢ·(1 − sᵢ)"),
        ("∂s_i/∂x_j.", "∂s<sub>i</sub>/∂x<sub>j</sub>.", "∂sᵢ/∂xⱼ."),
        ("W_{out} and W_b", "W<sub>out</sub> and W<sub>b</sub>", "Wₒᵤₜ and W_b"),
        ("0..2^n", "0..2<sup>n</sup>", "0..2ⁿ"),
        ("−2^(b−1)", "−2<sup>b−1</sup>", "−2^(b−1)"),
        ("2^{n+1}", "2<sup>n+1</sup>", "2ⁿ⁺¹"),
        ("num_classes and x_t.shape", "num_classes and x_t.shape", "num_classes and x_t.shape"),
        ("`x_t` is a<b", "<code>x_t</code> is a&lt;b", "`x_t` is a<b"),
        ("m_hat, x_t(3), a_b[0]", "m_hat, x_t(3), a_b[0]", "m_hat, x_t(3), a_b[0]"),
        ("one ` alone", "one ` alone", "one ` alone"),
        ("`<b>`", "<code>&lt;b&gt;</code>", "`<b>`"),
        ("", "", ""),
    ],
)
def test_texts_of_ours(text, page, terminal):
    assert typeset.html(text) == page
    assert typeset.plain(text) == terminal
    assert typeset.tagged(text, escape) == page


def test_in_a_text_with_a_students_words_only_code_is_told_from_the_rest():
    text = "name 'x_t' is not defined: did you mean `x_i`?"
    assert typeset.html(text, ours=False) == ("name &#39;x_t&#39; is not defined: did you mean <code>x_i</code>?")
    assert typeset.plain(text, ours=False) == text


def test_what_steers_a_terminal_is_seen():
    assert "\x1b" not in typeset.plain("`\x1b[31m`") + typeset.html("`\x1b[31m`")


def test_long_texts_take_no_time():
    for text in ["`" * 50_000, "a_" * 50_000, "2^(" * 50_000, "x_{" * 50_000]:
        typeset.plain(text)
