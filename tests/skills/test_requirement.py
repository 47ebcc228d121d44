"""How cues inside a line, and the section around it, decide what a mention means."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.pattern_files import find_patterns
from skillextract.skills.requirement import Cue, RequirementRules, load_requirement_rules


@pytest.fixture(scope="module")
def rules() -> RequirementRules:
    return load_requirement_rules(find_patterns() / "requirement.jsonl")


def judge(rules: RequirementRules, line: str, section: str, *words: str) -> list[str]:
    spans = [(line.index(word), line.index(word) + len(word)) for word in words]
    return list(rules.judge(line, section, spans))


@pytest.mark.parametrize(("words", "expected"), [(100, "required"), (400, "preferred")])
def test_a_bracket_that_opens_far_before_a_cue_is_none_of_its(
    rules: RequirementRules, words: int, expected: str
) -> None:
    line = "You know (" + "word " * words + "Kafka is a plus"
    assert judge(rules, line, "requirements", "Kafka") == [expected]


@pytest.mark.parametrize(
    ("line", "section", "words", "expected"),
    [
        ("Python and Go", "requirements", ["Python", "Go"], ["required", "required"]),
        ("Kafka is a plus", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka is helpful.", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka would set you apart", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka is a bonus; so are Flink and Go", "duties", ["Kafka", "Flink", "Go"], ["preferred"] * 3),
        ("Kafka, and Flink and Go are bonuses", "requirements", ["Kafka", "Flink", "Go"], ["preferred"] * 3),
        ("We need skills in Kafka and Flink", "duties", ["Kafka", "Flink"], ["required"] * 2),
        ("Kafka experience would be extremely valuable", "requirements", ["Kafka"], ["preferred"]),
        ("Java, optimally with Kafka", "requirements", ["Java", "Kafka"], ["required", "preferred"]),
        ("We'd especially love to talk if you have used Kafka", "requirements", ["Kafka"], ["preferred"]),
        (
            "Streams, preferably Kafka, and proficiency in Flink",
            "requirements",
            ["Streams", "Kafka", "Flink"],
            ["required", "preferred", "required"],
        ),
        (
            "Coding, preferably in Java or Go, familiarity with Flink",
            "requirements",
            ["Coding", "Java", "Go", "Flink"],
            ["required", "preferred", "preferred", "required"],
        ),
        ("Preferably Java, and knowledge of Flink", "requirements", ["Java", "Flink"], ["preferred"] * 2),
        ("Please bring along Kafka and Flink", "duties", ["Kafka", "Flink"], ["required"] * 2),
        ("Hone selling skills in line with Kafka", "duties", ["Kafka"], ["duty"]),
        ("You need not know Kafka; Go is used", "duties", ["Kafka", "Go"], ["negated", "duty"]),
        ("The skills we expect you to have: Kafka", "duties", ["Kafka"], ["required"]),
        (
            "We are looking for kind researchers with strong engineering profiles and backgrounds in NLP.",
            "intro",
            ["NLP"],
            ["required"],
        ),
        ("We are hiring people with diverse backgrounds for sales.", "intro", ["sales"], ["context"]),
        ("Ph.D. in Physics preferred", "requirements", ["Ph.D", "Physics"], ["preferred", "preferred"]),
        ("AWS, GCP, etc. preferred", "requirements", ["AWS", "GCP"], ["preferred", "preferred"]),
        ("Python, Kafka (nice to have)", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("Python (required), Kafka (optional)", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("Python required, Kafka preferred", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("No degree required, Python needed", "requirements", ["degree", "Python"], ["negated", "required"]),
        ("We don't use Java, we use Kotlin", "requirements", ["Java", "Kotlin"], ["negated", "required"]),
        ("You need not be a pro. Applicants with Go will be given preference", "requirements", ["Go"], ["preferred"]),
        ("Kafka might help but is not essential", "requirements", ["Kafka"], ["preferred"]),
        ("You do not need to speak German", "duties", ["German"], ["negated"]),
        ("Develop a deep understanding of SQL", "duties", ["SQL"], ["duty"]),
        ("Leverage your knowledge of SQL", "duties", ["SQL"], ["duty"]),
        ("We are looking for an engineer with Python and C++.", "undivided", ["Python", "C++"], ["required"] * 2),
        ("Python and Rust required. Kafka optional.", "undivided", ["Python", "Kafka"], ["required", "preferred"]),
        ("SQL: required", "undivided", ["SQL"], ["required"]),
        ("We fix SQL as required.", "duties", ["SQL"], ["duty"]),
        ("We use Go and Rust. Experience with these is a plus.", "duties", ["Go", "Rust"], ["preferred"] * 2),
        ("We use Go. Knowledge of this stack is required. We sail.", "duties", ["Go"], ["required"]),
        ("We sail. We use Go. We row. Experience with it is nice.", "duties", ["Go"], ["duty"]),
        ("Are you passionate about NLP?", "company", ["NLP"], ["required"]),
        ("We use cutting-edge NLP to draw maps", "company", ["NLP"], ["context"]),
        ("Must have: Go, Docker. Nice: Rust", "requirements", ["Docker", "Rust"], ["required", "preferred"]),
        ("Spark; skills we'd like: Scala.", "requirements", ["Spark", "Scala"], ["required", "preferred"]),
        ("Not required, but great: Haskell, OCaml.", "undivided", ["Haskell", "OCaml"], ["preferred", "preferred"]),
        (
            "You'll need to know Clojure. ClojureScript is optional.",
            "undivided",
            ["Clojure", "ClojureScript"],
            ["required", "preferred"],
        ),
        (
            "You should have experience with SQL, Linux, HTML5 a plus.",
            "undivided",
            ["SQL", "Linux", "HTML5"],
            ["required", "required", "preferred"],
        ),
        (
            "We're hiring people with React experience to help us rebuild it in Svelte.",
            "undivided",
            ["React", "Svelte"],
            ["required", "duty"],
        ),
        ("You work beside the brightest minds in robotics.", "undivided", ["robotics"], ["context"]),
        ("We run a fund. Northwind specializes in robotics.", "undivided", ["robotics"], ["context"]),
        ("Northwind Labs prides itself on code quality.", "undivided", ["code quality"], ["context"]),
        (
            "We need a hands-on engineer with strong Python skills to own our Kafka clusters.",
            "duties",
            ["Python", "Kafka"],
            ["required", "duty"],
        ),
        ("We are looking for a seasoned lead who will own design patterns", "undivided", ["design"], ["duty"]),
        ("We need people eager to learn SQL", "undivided", ["SQL"], ["required"]),
        ("With your deep knowledge of C++ you will write Go", "duties", ["C++", "Go"], ["required", "duty"]),
        ("You will need experience with Go", "undivided", ["Go"], ["required"]),
        ("You will be surrounded by the leading minds in AI", "duties", ["AI"], ["context"]),
        ("We are looking for people in our data team (Kafka, Spark)", "undivided", ["Kafka"], ["duty"]),
        ("Our edge team is hiring low level engineers (C, DPDK)", "undivided", ["C, ", "DPDK"], ["required"] * 2),
        ("We seek managers who value kindness", "undivided", ["kindness"], ["required"]),
        ("We seek world-class engineers who are eager to learn", "undivided", ["eager to learn"], ["required"]),
        ("You should value simplicity in an agile team", "undivided", ["agile"], ["required"]),
        ("This means care, and an ability to collaborate", "undivided", ["collaborate"], ["required"]),
        ("Strong troubleshooting and performance tuning skills.", "undivided", ["performance"], ["required"]),
        ("We use artificial intelligence to read letters", "undivided", ["artificial"], ["context"]),
        ("Our team [1] prides itself on code quality", "undivided", ["code quality"], ["context"]),
        ("We solve it well, and our polyglot architecture includes Scala", "undivided", ["Scala"], ["duty"]),
        ("You'll write code in Ruby, and soon in Java.", "requirements", ["Ruby", "Java"], ["duty"] * 2),
        ("Our technology includes: Java.", "intro", ["Java"], ["duty"]),
        ("The problems we're tackling involve computer vision.", "intro", ["computer"], ["duty"]),
        ("The kind of people we'd like to hire are good at communication", "undivided", ["comm"], ["required"]),
        ("We've hired actors who wrote C before.", "undivided", ["C "], ["context"]),
        ("Have you used Ember?", "undivided", ["Ember"], ["required"]),
        ("Check out some of our work on GitHub", "requirements", ["GitHub"], ["context"]),
        ("You are humble, helpful, and kind", "requirements", ["humble"], ["required"]),
        ("Docker, ECS, Kubernetes a plus", "requirements", ["Docker", "ECS", "Kubernetes"], ["preferred"] * 3),
        ("Strong Python; Go is a plus", "requirements", ["Python", "Go"], ["required", "preferred"]),
        ("Strong Python, experience with Go preferred.", "requirements", ["Python", "Go"], ["required", "preferred"]),
        ("Go or Rust (both preferred)", "requirements", ["Go", "Rust"], ["preferred", "preferred"]),
        ("Python, Kafka (a plus)", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("Python (experience with Rust is a plus) and SQL", "requirements", ["Python", "Rust", "SQL"],
         ["required", "preferred", "required"]),
        ("Linux, preferably Ubuntu", "requirements", ["Linux", "Ubuntu"], ["required", "preferred"]),
        ("Ideally you know Scala", "requirements", ["Scala"], ["preferred"]),
        ("Go (preferably) and SQL", "requirements", ["Go", "SQL"], ["preferred", "required"]),
        ("Statistics or Math (graduate degrees preferred)", "requirements", ["Statistics", "Math"], ["required"] * 2),
        ("Experience managing data in Postgres", "undivided", ["Postgres"], ["required"]),
        ("Experience our Postgres hosting for a day", "undivided", ["Postgres"], ["duty"]),
        ("We are hiring a web developer who has built apps in Rails", "intro", ["Rails"], ["required"]),
        ("We accept applications for a scientist with expertise in NLP", "intro", ["NLP"], ["required"]),
        ("The data analyst will work in Looker", "intro", ["Looker"], ["duty"]),
        ("We're using React and Flux", "intro", ["React", "Flux"], ["duty"] * 2),
        ("We're using AI to mend hearing", "intro", ["AI"], ["context"]),
        ("You will most often use Ruby", "requirements", ["Ruby"], ["duty"]),
        ("Ensure an excellent customer experience by analytics", "duties", ["analytics"], ["duty"]),
        ("A member of our team will demonstrate curiosity", "duties", ["curiosity"], ["duty"]),
        ("A successful member of our team will demonstrate curiosity", "duties", ["curiosity"], ["required"]),
        ("Youll write Go", "intro", ["Go"], ["duty"]),
        ("You know SQL well.Good to have: Go", "requirements", ["SQL", "Go"], ["required", "preferred"]),
        ("Bonus points for Rust", "requirements", ["Rust"], ["preferred"]),
        ("No prior Kubernetes experience required", "requirements", ["Kubernetes"], ["negated"]),
        ("A PhD is not required", "requirements", ["PhD"], ["negated"]),
        ("Rust is a plus but not required", "requirements", ["Rust"], ["preferred"]),
        ("Experience with Rust is not required, but very useful", "requirements", ["Rust"], ["preferred"]),
        ("Rust is not required but you may meet it", "requirements", ["Rust"], ["negated"]),
        ("We don't use Scala", "undivided", ["Scala"], ["negated"]),
        ("You will run Kafka", "duties", ["Kafka"], ["duty"]),
        ("You must know Kafka", "duties", ["Kafka"], ["required"]),
        ("We built Atlas on Kafka", "company", ["Kafka"], ["context"]),
        ("Python courses", "benefits", ["Python"], ["context"]),
        ("We use Django", "undivided", ["Django"], ["duty"]),
        ("5+ years of Java", "undivided", ["Java"], ["required"]),
        ("Maps in Rust", "intro", ["Rust"], ["context"]),
        ("You'll build models in Python", "intro", ["Python"], ["duty"]),
        ("Kafka", "preferred", ["Kafka"], ["preferred"]),
        ("[Bonus] Hands-on Kafka", "requirements", ["Kafka"], ["preferred"]),
        ("Bonus - Kafka", "requirements", ["Kafka"], ["preferred"]),
        ("Fluent English - French is a plus", "requirements", ["English", "French"], ["required", "preferred"]),
        ("Python (experience with other languages is a plus) or Go", "requirements", ["Python", "Go"],
         ["required", "required"]),
        ("Our tools are a plus, but by no means required: Rust, Go", "requirements", ["Rust", "Go"], ["preferred"] * 2),
        ("CI (and ideally strong opinions) with testing", "requirements", ["testing"], ["required"]),
        ("As a Data Engineer at Acme, you will build pipelines in Spark", "company", ["Spark"], ["duty"]),
        ("The ideal candidate knows Excel", "company", ["Excel"], ["required"]),
        ("Our stack is React and Django", "company", ["React", "Django"], ["duty", "duty"]),
        ("It is also nice if you write Javascript; React is a plus", "intro", ["React"], ["preferred"]),
        ("React is a plus", "benefits", ["React"], ["context"]),
        ("Systems engineers (Linux, Go)", "intro", ["Linux", "Go"], ["duty", "duty"]),
        ("We're building AI software for farms.", "duties", ["AI"], ["context"]),
        ("Comfortable troubleshooting DNS", "duties", ["DNS"], ["required"]),
        ("Some SQL store (we use Postgres)", "requirements", ["SQL", "Postgres"], ["required", "duty"]),
        ("You know queues. We work mostly in Go.", "requirements", ["queues", "Go"], ["required", "duty"]),
        ("Fluent in Python, and in Java or C: our maps are written in both", "requirements", ["Python", "Java"],
         ["required", "required"]),
        ("Some of the tools we use: Go", "requirements", ["Go"], ["required"]),
        ("Gain hands-on experience with Spark", "duties", ["Spark"], ["duty"]),
        ("English and Czech are a must, Polish is a plus", "requirements", ["English", "Czech", "Polish"],
         ["required", "required", "preferred"]),
        ("Fluent in English, Polish is a plus", "requirements", ["English", "Polish"], ["required", "preferred"]),
        ("Knowing queues is a plus (e.g. Kafka)", "requirements", ["queues", "Kafka"], ["preferred"] * 2),
        ("Writing tests, e.g. with Jest, (a plus)", "requirements", ["tests", "Jest"], ["preferred"] * 2),
        ("Tools (e.g. Kafka/Go) preferred", "requirements", ["Tools", "Kafka"], ["preferred"] * 2),
        ("Office: Excel (preferred) or Sheets", "requirements", ["Office", "Excel", "Sheets"],
         ["required", "preferred", "required"]),
        ("Some code (Python preferred) — no AI", "requirements", ["Python", "AI"], ["preferred", "required"]),
        ("Years on Java, and Go would be great too", "undivided", ["Go"], ["preferred"]),
        ("Scala is ideal.", "undivided", ["Scala"], ["preferred"]),
        ("English is a necessity", "duties", ["English"], ["required"]),
        ("Acme (acme.example) helps farms with AI", "undivided", ["AI"], ["context"]),
        ("We provide maps of storage to mayors", "undivided", ["storage"], ["context"]),
        ("We develop maps in Rust", "undivided", ["Rust"], ["duty"]),
        ("The team builds search with Solr", "undivided", ["Solr"], ["duty"]),
        ("- Negotiate offers with SQL people", "duties", ["SQL"], ["duty"]),
        ("- Data helps our pilots", "duties", ["Data"], ["duty"]),
        ("Designs and builds models in Spark", "duties", ["Spark"], ["duty"]),
        ("Independently develops models in Spark", "duties", ["Spark"], ["duty"]),
        ("Incumbent provides reports in SQL", "duties", ["SQL"], ["duty"]),
        ("No prior experience in Solr needed, but be curious", "requirements", ["Solr", "curious"],
         ["negated", "required"]),
        ("You do not need SQL to start—but you do need patience", "duties", ["SQL", "patience"], ["negated", "duty"]),
        ("There is no end to it – if you know Go", "requirements", ["Go"], ["required"]),
        ("Solr is not required but strongly preferred", "requirements", ["Solr"], ["preferred"]),
        ("Maps in Rust (helpful but not required)", "requirements", ["Rust"], ["preferred"]),
        ("Acme Maps is a small AI startup from Porto.", "undivided", ["AI"], ["context"]),
        ("This is a role in the AI community team.", "undivided", ["AI"], ["duty"]),
        ("Acme is using AI to help farms", "undivided", ["AI"], ["context"]),
        ("Our Python SDK has enabled farms to sell.", "undivided", ["Python"], ["context"]),
        ("Write APIs for a company that helps farms", "duties", ["APIs"], ["duty"]),
        ("If you already have experience with Solr, that's great!", "duties", ["Solr"], ["preferred"]),
        ("I lead Acme, a company that turns AI into maps.", "undivided", ["AI"], ["context"]),
        ("A keen interest in compilers", "duties", ["compilers"], ["required"]),
        ("Watch for conflicts of interest in procurement", "duties", ["procurement"], ["duty"]),
        ("The ideal Head of Maps has a feel for SQL", "intro", ["SQL"], ["required"]),
        ("Acquire deep knowledge of Solr", "duties", ["Solr"], ["duty"]),
        ("We don't expect any experience with Solr, but curiosity", "requirements", ["Solr", "curiosity"],
         ["negated", "required"]),
        ("We don’t care if you have a PhD", "requirements", ["PhD"], ["negated"]),
        ("Fluent Dutch is a plus on site", "requirements", ["Dutch"], ["preferred"]),
        ("If you are curious about maps, we'd love to talk", "intro", ["curious"], ["required"]),
        ("Develop deep expertise in Kafka", "duties", ["Kafka"], ["duty"]),
        ("Share expertise in Kafka", "duties", ["Kafka"], ["duty"]),
        ("Colleagues feel valued and informed by your writing", "requirements", ["writing"], ["required"]),
        ("Solr experience is valued", "requirements", ["Solr"], ["preferred"]),
        ("This role requires no SQL", "duties", ["SQL"], ["negated"]),
        ("This is not a Java role", "duties", ["Java"], ["negated"]),
        ("You need fluent German", "intro", ["German"], ["context"]),
        ("You need fluent German", "duties", ["German"], ["required"]),
        ("[Optional but preferred] Knowledge of Solr", "requirements", ["Solr"], ["preferred"]),
        ("We use cutting-edge AI to draw maps", "duties", ["AI"], ["context"]),
        ("Fluent in SQL, with Solr preferred", "requirements", ["SQL", "Solr"], ["required", "preferred"]),
        ("Kafka — a plus", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka - not required, but a plus", "requirements", ["Kafka"], ["preferred"]),
        ("Rust – preferred", "duties", ["Rust"], ["preferred"]),
        ("Python required, Kafka nice to have", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("German is nice to have, English is a must", "requirements", ["German", "English"], ["preferred", "required"]),
        ("Nice to have: Go, Rust", "requirements", ["Go", "Rust"], ["preferred"] * 2),
        ("It is nice to have worked with Go or Rust.", "requirements", ["Go", "Rust"], ["preferred"] * 2),
        ("Required: Python, Preferred: Kafka", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("Python or (ideally) Scala", "requirements", ["Python", "Scala"], ["required", "preferred"]),
        ("Docker and (preferably) Nomad", "requirements", ["Docker", "Nomad"], ["required", "preferred"]),
        ("Kafka isn't required, but is a plus", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka isn’t required, but would be useful", "requirements", ["Kafka"], ["preferred"]),
        ("Kafka is not required but it helps", "requirements", ["Kafka"], ["preferred"]),
        ("Neither Kafka nor Spark is required", "requirements", ["Kafka", "Spark"], ["negated"] * 2),
        ("A PhD is neither required nor expected", "requirements", ["PhD"], ["negated"]),
        ("Terraform is not essential", "requirements", ["Terraform"], ["negated"]),
        ("We do not work with PHP", "requirements", ["PHP"], ["negated"]),
        ("We aren't using Java", "requirements", ["Java"], ["negated"]),
        ("Python, not Java", "requirements", ["Python", "Java"], ["required", "negated"]),
        ("You needn't know Terraform", "requirements", ["Terraform"], ["negated"]),
        ("Don't worry if you don't know Rust", "requirements", ["Rust"], ["negated"]),
    ],
)  # fmt: skip
def test_a_line_says_how_its_mentions_are_meant(
    rules: RequirementRules, line: str, section: str, words: list[str], expected: list[str]
) -> None:
    assert judge(rules, line, section, *words) == expected


@pytest.mark.parametrize(
    ("line", "section", "words", "expected"),
    [
        ("Python, " + "maps, " * 200 + "Go is a plus", "requirements", ["Python", "Go"], ["required", "preferred"]),
        ("5 years of Python, " + "maps, " * 200 + "Go", "duties", ["Python", "Go"], ["required", "required"]),
        ("No Python " + "or maps " * 60 + "required", "requirements", ["Python"], ["required"]),
        ("Python is a plus. " * 300 + "Go", "requirements", ["Python", "Go"], ["preferred", "required"]),
    ],
    ids=["clause", "sentence", "negation", "sentences"],
)
def test_how_far_a_cue_speaks_in_a_long_line(
    rules: RequirementRules, line: str, section: str, words: list[str], expected: list[str]
) -> None:
    assert judge(rules, line, section, *words) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", r"requirement.jsonl:1: \[json\] found '\[\]', expected a JSON object"),
        ('{"cue": "x"}', r"found keys \['cue'\], expected `requirement, scope, cue`"),
        ('{"requirement": "maybe", "scope": "line", "cue": "x"}', "found 'maybe', expected one of required, preferred"),
        ('{"requirement": "duty", "scope": "word", "cue": "x"}', "found 'word', expected one of line, forward, back"),
        ('{"requirement": "duty", "scope": "line", "cue": "("}', "no regular expression: missing \\)"),
        ('{"requirement": "duty", "scope": "line", "cue": "(?i)x"}', "no regular expression: sets flags for more than"),
        ('{"requirement": "duty", "scope": "line", "cue": 5}', "found cue 5, expected a text that is not empty"),
        ('{"requirement": "duty", "scope": "line", "cue": "x", "strong": "no"}', "found strong 'no', expected true or"),
        ('{"break": ["x"]}', r"found break \['x'\], expected a text"),
        ('{"section": "bogus", "default": "duty", "may_become": []}', "found 'bogus', expected one of benefits, comp"),
        ('{"section": "duties", "default": "bogus", "may_become": []}', "found 'bogus', expected one of required"),
        ('{"section": "duties", "default": "duty", "may_become": ["bogus"]}', "found 'bogus', expected one of requi"),
        ('{"section": "duties", "default": "duty", "may_become": "duty"}', "found may_become 'duty', expected a list"),
        ('{"section": "duties", "default": "duty", "may_become": []}', "no line says what a mention is in benefits,"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "requirement.jsonl"
    path.write_text(line)
    with pytest.raises(PatternError, match=message):
        load_requirement_rules(path)


def test_a_section_has_one_policy(tmp_path: Path) -> None:
    policy = '{"section": "duties", "default": "duty", "may_become": []}\n'
    path = tmp_path / "requirement.jsonl"
    path.write_text(policy * 2)
    with pytest.raises(PatternError, match=r":2: \[rule\] section 'duties' has two lines; make them one"):
        load_requirement_rules(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"requirement.jsonl: \[unreadable\] .*expected UTF-8 text"):
        load_requirement_rules(tmp_path / "requirement.jsonl")


def test_a_line_of_the_file_ends_at_no_other_sign_than_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "requirement.jsonl"
    cue = '{"requirement": "duty", "scope": "line", "cue": "one\u2028two\x85three"}\n'
    path.write_text(cue + (find_patterns() / "requirement.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_requirement_rules(path).cues[0] == Cue("duty", "line", "one\u2028two\x85three")
