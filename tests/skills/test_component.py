"""The matcher inside a spaCy pipeline."""

from pathlib import Path

import pytest
import spacy
from spacy import displacy

RABBITMQ, KAFKA = ("RabbitMQ", "tool", "rabbitmq"), ("Kafka", "tool", "kafka")


@pytest.mark.parametrize(
    ("is_own", "expected"),
    [
        pytest.param(True, [RABBITMQ], id="a folder of one's own"),
        pytest.param(False, [RABBITMQ, KAFKA], id="the built-in patterns", marks=pytest.mark.slow),
    ],
)
def test_the_component_marks_skills_and_survives_saving(
    root: Path, tmp_path: Path, is_own: bool, expected: list[tuple[str, str, str]]
) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("skill_matcher", config={"patterns": str(root)} if is_own else {})
    [doc] = nlp.pipe(["You know RabbitMQ, Kafka and teamwork."])
    assert [(s.text, s.label_, s.id_) for s in doc.spans["skills"] if s.label_ == "tool"] == expected
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")("You know RabbitMQ, Kafka and teamwork.")
    assert [(s.text, s.label_, s.id_) for s in again.spans["skills"] if s.label_ == "tool"] == expected
    html = displacy.render(again, style="span", options={"spans_key": "skills"}, jupyter=False)
    assert "RabbitMQ" in html
