"""Libraries of any size that look like real ones, the same for the same seed: a bibliography, reading lists, a guide."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from benchmarks import words

SECTIONS_PER_GUIDE = 40
LISTED = 5
"""Of the papers of a library, one in so many stands in a reading list."""


class Generator:
    """Writes one library; every choice comes from the seed."""

    def __init__(self, papers: int, seed: int = 7, macros: bool = True) -> None:
        self.papers = papers
        self.macros = words.MACROS if macros else {}
        self.random = random.Random(f"{seed}/{papers}")
        self.nouns = self._vocabulary()
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.nouns))))
        self.people = [self._person() for _ in range(max(50, papers // 3))]
        self.productivity = list(accumulate(1 / (rank + 20) for rank in range(len(self.people))))
        self.keys: list[str] = []

    def bibliography(self) -> str:
        """Return the text of a references.bib."""
        macros = "".join(f"@string{{{name} = {{{text}}}}}\n" for name, text in self.macros.items())
        taken: set[str] = set()
        return macros + "\n" + "\n".join(self._entry(number, taken) for number in range(self.papers))

    def guide(self, number: int) -> str:
        """Return the Markdown of one guide."""
        parts = [f"---\ntitle: Guide {number}\n---\n"]
        for section in range(SECTIONS_PER_GUIDE):
            prose = " ".join(self._sentence() for _ in range(8))
            parts.append(f"\n{'#' * (1 + (section % 4 > 0))} {self._section_title(number, section)}\n\n{prose}\n")
        return "".join(parts)

    def lists(self, number: int, keys: list[str]) -> str:
        """Return the reading lists of one guide, with these papers in its sections."""
        parts = [f"guide:\n  title: Guide {number}\n  source: ../guides/guide-{number}.md\nsections:\n"]
        for section in range(SECTIONS_PER_GUIDE):
            title = self._section_title(number, section)
            parts.append(f"  {title.lower().replace(' ', '-')}:\n    title: {title}\n    aliases: [s{number}x{section}]\n")
            own = keys[section::SECTIONS_PER_GUIDE]
            if own:
                parts.append("    reading:\n")
            parts.extend(
                f"      - key: {key}\n        role: {self.random.choice(words.ROLES)}\n        why: {self._sentence()}\n"
                for key in own
            )
        return "".join(parts)

    def write(self, root: Path) -> None:
        """Write the whole project: bibliography, guides, reading lists, settings."""
        for folder in ("refs", "guides"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "references.bib").write_text(self.bibliography(), encoding="utf-8")
        (root / "citeman.toml").write_text('title = "Generated"\n', encoding="utf-8")
        listed = self.keys[::LISTED]
        per_guide = SECTIONS_PER_GUIDE * 10
        for number, start in enumerate(range(0, len(listed), per_guide)):
            (root / "guides" / f"guide-{number}.md").write_text(self.guide(number), encoding="utf-8")
            lists = self.lists(number, listed[start : start + per_guide])
            (root / "refs" / f"guide-{number}.yaml").write_text(lists, encoding="utf-8")

    def _entry(self, number: int, taken: set[str]) -> str:
        authors = self.random.choices(
            self.people, cum_weights=self.productivity, k=self.random.choice((1, 2, 2, 3, 3, 3, 4, 5, 8))
        )
        authors = list(dict.fromkeys(authors))
        year = self.random.choice((1989, 1998, 2006, 2012, 2015, *range(2016, 2026), *range(2019, 2026)))
        title = self._title()
        key = self._key(authors[0], year, title, taken)
        fields = [("title", f"{{{title}}}"), ("author", f"{{{' and '.join(authors)}}}"), *self._venue(year)]
        fields += [("year", f"{{{year}}}"), *self._identifiers(number, year)]
        if number % 5 == 0:
            fields.append(("abstract", f"{{{' '.join(self._sentence() for _ in range(7))}}}"))
        kind = "article" if fields[2][0] == "journal" else "inproceedings" if fields[2][0] == "booktitle" else "misc"
        return f"@{kind}{{{key},\n" + "".join(f"  {name} = {value},\n" for name, value in fields) + "}\n"

    def _venue(self, year: int) -> Iterator[tuple[str, str]]:
        choice = self.random.random()
        if choice < 0.3:
            yield "journal", f"{{{self.random.choice(words.JOURNALS)}}}"
            yield "volume", f"{{{self.random.randint(1, 120)}}}"
            first = self.random.randint(1, 2000)
            yield "pages", f"{{{first}--{first + self.random.randint(4, 40)}}}"
        elif choice < 0.7:
            name = self.random.choice(list(words.MACROS))
            yield "booktitle", name if self.macros else f"{{{words.MACROS[name]}}}"
            yield "month", self.random.choice(("jul", "dec", "may"))
        else:
            yield "howpublished", "{Preprint}"

    def _identifiers(self, number: int, year: int) -> Iterator[tuple[str, str]]:
        if number % 3 and year > 2014:
            yield "eprint", f"{{{year % 100:02d}{self.random.randint(1, 12):02d}.{number % 100000:05d}}}"
            yield "eprinttype", "{arxiv}"
            yield "eprintclass", "{cs.LG}"
        if number % 4 == 1:
            yield "doi", f"{{10.{1000 + number % 9000}/example.{number}}}"
        if number % 7 == 2:
            yield "url", f"{{https://papers.example.org/{year}/{number}.html}}"

    def _key(self, author: str, year: int, title: str, taken: set[str]) -> str:
        family = "".join(char for char in author.partition(",")[0].lower() if char.isascii() and char.isalpha())
        base = f"{family or 'anon'}{year}{''.join(filter(str.isalpha, title.split()[0])).lower()}"
        key = base
        suffix = 1
        while key in taken:
            suffix += 1
            key = f"{base}{suffix}"
        taken.add(key)
        self.keys.append(key)
        return key

    def _title(self) -> str:
        chosen = self.random.choices(self.nouns, cum_weights=self.weights, k=self.random.randint(4, 10))
        chosen[0] = chosen[0].capitalize()
        if self.random.random() < 0.3:
            chosen[-1] = f"{{{chosen[-1].upper()[:5]}}}"
        if self.random.random() < 0.05:
            chosen.insert(1, self.random.choice(words.MATH))
        return " ".join(chosen)

    def _sentence(self) -> str:
        chosen = self.random.choices(self.nouns, cum_weights=self.weights, k=self.random.randint(8, 18))
        return f"{' '.join(chosen).capitalize()}."

    def _section_title(self, guide: int, section: int) -> str:
        return f"{self.nouns[section * 7 % 300].capitalize()} {self.nouns[(guide * 13 + section) % 300]} {guide} {section}"

    def _person(self) -> str:
        family = self.random.choice(words.FAMILIES) if self.random.random() < 0.6 else self._word().capitalize()
        initial = f" {self.random.choice('ABCDEFGHJKLMNPRSTW')}." if self.random.random() < 0.4 else ""
        return f"{family}, {self.random.choice(words.GIVEN)}{initial}"

    def _vocabulary(self) -> list[str]:
        known = list(words.WORDS)
        seen = set(known)
        while len(known) < 12000:
            word = self._word()
            if word not in seen:
                seen.add(word)
                known.append(word)
        return known

    def _word(self) -> str:
        return "".join(self.random.choice(words.SYLLABLES) for _ in range(self.random.choice((2, 2, 3, 3, 4))))
