"""The matcher inside a spaCy pipeline."""

from pathlib import Path

import spacy
from spacy import displacy


def test_the_component_marks_skills_and_survives_saving(root: Path, tmp_path: Path) -> None:
    """With a folder of one's own; `tests/test_readme.py` does it with the built-in patterns."""
    nlp = spacy.blank("en")
    nlp.add_pipe("skill_matcher", config={"patterns": str(root)})
    [doc] = nlp.pipe(["You know RabbitMQ, Kafka and teamwork."])
    expected = [("RabbitMQ", "tool", "rabbitmq")]
    assert [(s.text, s.label_, s.id_) for s in doc.spans["skills"] if s.label_ == "tool"] == expected
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")("You know RabbitMQ, Kafka and teamwork.")
    assert [(s.text, s.label_, s.id_) for s in again.spans["skills"] if s.label_ == "tool"] == expected
    html = displacy.render(again, style="span", options={"spans_key": "skills"}, jupyter=False)
    assert "RabbitMQ" in html
