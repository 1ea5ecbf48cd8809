"""Write the page of six questions, in both languages: ``python docs/make_questions.py``.

Each question is answered twice, by the package and by plain pandas on the same file, with what each said.
"""

# ruff: noqa: E501 -- sentences and lines of code stand as the page shows them

from __future__ import annotations

import ast
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

import cbanalysis as cb
from cbanalysis.common.language import Language

DOCS = Path(__file__).resolve().parent
PAGES: dict[Language, Path] = {lang: DOCS / f"questions.{lang}.md" for lang in ("vi", "en")}


@dataclass(frozen=True)
class Question:
    """One question: its words, the lines of both ways, and what plain pandas leaves out."""

    asked: dict[Language, str]
    ours: str
    pandas: str
    lacks: dict[Language, str]


QUESTIONS = (
    Question(
        {
            "vi": "Ở tỉnh nào, đa số bí thư chi bộ đồng thời là trưởng thôn, và từ khi nào?",
            "en": "In which provinces are most cell secretaries also village heads, and since when?",
        },
        """
        heads = cb.load_observations("village_head_secretary").query("geo_level == 'province'")
        cb.notes.readings(cb.add_rates(heads), lang=lang)
        """,
        """
        heads = figures.query("indicator == 'village_head_secretary' and geo_level == 'province'")
        heads = heads.assign(rate=heads["percent"].fillna(100 * heads["count"] / heads["base"]))
        heads.query("rate > 50")[["province", "period_end", "base_of", "rate"]].sort_values("period_end")
        """,
        {
            "vi": "khi bỏ qua những tỉnh chỉ công bố số lượng, cách này không đưa ra thông báo nào; kết quả không phân biệt mẫu số là số thôn hay số chi bộ.",
            "en": "Provinces that published a count only fall out unsaid; cells and villages are mixed as bases.",
        },
    ),
    Question(
        {
            "vi": "Tỷ lệ tổ chức đảng của Bình Dương được xếp loại hoàn thành tốt nhiệm vụ trở lên có thay đổi giữa hai năm không?",
            "en": "Has Bình Dương's share of organisations rated good or better changed between two years?",
        },
        """
        ratings = cb.load_observations("org_quality_rating", "Bình Dương").query("geo_level == 'province'")
        cb.rates.change(cb.rates.good_or_better(ratings), 2010, 2022)
        """,
        """
        of = figures.query("indicator == 'org_quality_rating' and province == 'Bình Dương'")
        good = of[of["category_id"].isin(["strong", "excellent", "good"]) & (of["subject"] == "grassroots_org")]
        rates = good["percent"].fillna(100 * good["count"] / good["base"])
        rates.groupby(good["period_end"]).sum()
        """,
        {
            "vi": "kết quả cho thấy tỷ lệ tăng, nhưng thực ra cách tính này so sánh một mức xếp loại của cả tỉnh năm 2010 với hai mức xếp loại của một huyện năm 2022.",
            "en": "A rise comes out: one category of the province in 2010 beside two of a district in 2022.",
        },
    ),
    Question(
        {
            "vi": "Vẽ bản đồ thể hiện số thôn chưa có chi bộ riêng ở từng tỉnh, thành phố.",
            "en": "A map of villages without a cell of their own, by province.",
        },
        """
        villages = cb.load_observations("village_own_cell")
        ours = villages.query("definition == '' and geo_level == 'province' and subject == 'village'")
        without = cb.rates.as_complement(ours, count="do_not")
        cb.charts.tile_map(without, kind="count", published=villages, lang=lang)
        """,
        """
        villages = figures.query("indicator == 'village_own_cell' and geo_level == 'province'")
        without = villages[(villages["complement"] == "yes") & villages["definition"].isna()]
        newest = without.sort_values("period_end").groupby("province").tail(1)
        newest[["province", "count"]]
        """,
        {
            "vi": "kết quả không có bản đồ, không nêu năm của số liệu, cũng không nêu những tỉnh đã công bố số liệu theo cách khác.",
            "en": "No map, no years, and nothing on the provinces that published it in another way.",
        },
    ),
    Question(
        {
            "vi": "Xuất mọi kết quả xếp loại từ năm 2016 đến năm 2022 sang Stata, kèm nhãn biến, nhãn giá trị và nguồn.",
            "en": "All ratings of 2016 to 2022 for Stata, with variable labels, value labels and sources.",
        },
        """
        ratings = cb.load_observations("org_quality_rating", years=range(2016, 2023))
        cb.save(ratings, folder / "ratings.dta", lang=lang).name
        """,
        """
        ratings = figures[figures["indicator"].isin(["org_quality_rating"])]
        ratings = ratings[pd.to_numeric(ratings["period_end"].str[:4]).between(2016, 2022)]
        texts = {name: ratings[name].fillna("").astype(str) for name in ratings.select_dtypes("str")}
        labels = {"province": "Province", "percent": "Published rate, %", "count": "Count", "base": "Base"}
        ratings.assign(**texts).to_stata(folder / "plain.dta", variable_labels=labels, version=118)
        len(ratings)
        """,
        {
            "vi": "người dùng phải tự gõ nhãn biến; tệp xuất ra không có nhãn giá trị, cũng không kèm danh mục nguồn.",
            "en": "Labels are typed by hand, there are no value labels, and no sources come with the file.",
        },
    ),
    Question(
        {
            "vi": "Số liệu về tỷ lệ dự sinh hoạt cho biết gì và không cho biết gì về cả nước?",
            "en": "Attendance: what can be said of the country as a whole, and what can't?",
        },
        """
        attendance = cb.add_rates(cb.load_observations("meeting_attendance"))
        cb.notes.attendance(attendance, lang=lang)
        cb.show(cb.charts.ranked_dots, attendance.query("geo_level == 'country'"), published=attendance, lang=lang)
        """,
        """
        attendance = figures.query("indicator == 'meeting_attendance'")
        rates = attendance["percent"].fillna(100 * attendance["count"] / attendance["base"])
        rates.describe().round(1)
        """,
        {
            "vi": "kết quả là số bình quân tính gộp từ số liệu của xã, số liệu của huyện, các giá trị tối thiểu và các số gần đúng, nhưng lại được trình bày như số liệu của cả nước.",
            "en": "A mean of communes, districts, floors and approximate figures comes out as if of the country.",
        },
    ),
    Question(
        {
            "vi": "Một con số đáng ngờ nằm ở tài liệu nào, được ghi như thế nào và địa phương liên quan còn có số liệu nào khác?",
            "en": "One doubtful figure: which document is it from, how was it printed, what else is known of the place?",
        },
        """
        found = cb.audit.audit(cb.load_observations())
        doubted = cb.load_observations().query("observation_id == @found.observation_ids[0].split(';')[0]")
        cb.notes.findings(found, lang=lang)
        cb.notes.readings(cb.add_rates(doubted), lang=lang)
        cb.cite(doubted, lang=lang)
        cb.notes.profile(cb.load_observations(provinces=doubted["province"].item() or None), lang=lang)
        """,
        """
        shares = figures.dropna(subset=["count", "base", "percent"])
        off = (100 * shares["count"] / shares["base"] - shares["percent"]).abs()
        doubted = shares.loc[[off.idxmax()]]
        doubted[["observation_id", "printed", "note"]].iloc[0].tolist()
        doubted.merge(pd.read_csv("data/sources.csv"), on="source_id")[["title", "address"]].iloc[0].tolist()
        len(figures[figures["province"].isin(doubted["province"])])
        """,
        {
            "vi": "cách này chỉ kiểm tra một phép tính, không cộng các mức, không đối chiếu các nguồn và không nhận ra tên gọi khác của tỉnh, thành phố.",
            "en": "One sum only is tried: no adding of categories, no source against another, no other names of the place.",
        },
    ),
)
WORDS: dict[str, dict[Language, str]] = {
    "title": {"vi": "Sáu câu hỏi", "en": "Six questions"},
    "about": {
        "vi": "Mỗi câu hỏi được trả lời hai lần từ cùng một tệp số liệu: một lần dùng cbanalysis, một lần chỉ dùng pandas. Trang này do "
        "lệnh `make generated` tạo ra từ số liệu hiện có.",
        "en": "Each question is answered twice from the same file: by the package and by plain pandas. "
        "`make generated` writes this page from today's figures.",
    },
    "ours": {"vi": "Dùng cbanalysis: {} dòng lệnh", "en": "With the package: {} lines"},
    "pandas": {"vi": "Chỉ dùng pandas: {} dòng lệnh", "en": "With plain pandas: {} lines"},
    "lacks": {"vi": "Hạn chế:", "en": "What it lacks:"},
}
SETUP = 'from pathlib import Path\n\nimport pandas as pd\n\nimport cbanalysis as cb\n\nlang = "{}"\nfolder = Path()\nfigures = pd.read_csv("data/observations.csv")'


def lines_of(code: str) -> list[str]:
    """Return the lines of a block without its margin."""
    return [line.strip() for line in code.strip().splitlines()]


def said(code: str, names: dict[str, Any]) -> str:
    """Run a block line by line as a session would, and return what it showed; a refusal is an answer too."""
    told = []
    for statement in ast.parse("\n".join(lines_of(code))).body:
        try:
            if isinstance(statement, ast.Expr):
                told.append(worded(eval(compile(ast.Expression(statement.value), "page", "eval"), names)))  # noqa: S307
            else:
                exec(compile(ast.Module([statement], []), "page", "exec"), names)  # noqa: S102
        except cb.CbanalysisError as refusal:
            told.append(f"{type(refusal).__name__}: {refusal}")
    return "\n".join(told)


def worded(value: object) -> str:
    """Return a value as text: a chart by its alternative text, a note by its sentences."""
    if isinstance(value, (cb.charts.Chart, cb.notes.Note)):
        return value.alt if isinstance(value, cb.charts.Chart) else value.text()
    if isinstance(value, pd.DataFrame):
        return value.to_string(index=False)
    return "\n".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def page(lang: Language, folder: Path) -> str:
    """Return the page in one language; files that a question writes go to a folder."""
    names: dict[str, Any] = {"cb": cb, "pd": pd, "lang": lang, "folder": folder}
    names["figures"] = pd.read_csv(DOCS.parent / "data" / "observations.csv")
    parts = [f"# {WORDS['title'][lang]}", WORDS["about"][lang], f"```python\n{SETUP.format(lang)}\n```"]
    for letter, question in zip("abcdef", QUESTIONS, strict=True):
        parts.append(f"## {letter}. {question.asked[lang]}")
        for way, code in (("ours", question.ours), ("pandas", question.pandas)):
            lines = lines_of(code)
            parts.append(f"**{WORDS[way][lang].format(len(lines))}**")
            parts.append("\n".join(f"    {line}" for line in lines))
            with chdir(DOCS.parent):
                parts.append(f"```text\n{said(code, names)}\n```")
        parts.append(f"{WORDS['lacks'][lang]} {question.lacks[lang]}")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write both pages."""
    with TemporaryDirectory() as folder:
        for lang, path in PAGES.items():
            path.write_text(page(lang, Path(folder)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
