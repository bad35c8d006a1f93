"""Renders the templates of src/test/resources/chat with transformers' own code, into expected.json beside them.

The templates are written after the published ones of each family. Made with transformers 5.23.0; from libraries/circuits:
    python src/test/python/make_chat_fixtures.py
"""

import json
from datetime import datetime
from pathlib import Path
from unittest import mock

from transformers.utils import chat_template_utils

FOLDER = Path(__file__).parent.parent / "resources" / "chat"
TURNS = [("user", "Hi there "), ("assistant", " Hello.\nYes"), ("user", "What's 2 < 3 & {{ 1 }}, {% if %}?\n\n")]
CONVERSATIONS = {
    "one": TURNS[:1],
    "three": TURNS,
    "system": [("system", "Be brief. ")] + TURNS,
    "system-one": [("system", "日本語で")] + TURNS[:1],
    "spaces": [("user", "\u3000\u00a0\u0085\n\tHi\u00a0there\u2028 \u00a0")],
    "twice": [TURNS[0], TURNS[0]],
    "thought": [TURNS[0], ("assistant", "<think>\n\nFirst, (then) ['x'].\n</think>\n\n Done \n"), TURNS[0]],
    "thinking": [TURNS[0], ("assistant", "<think>\nwhy\n</think>\nDone")],
}


class Still(datetime):
    """The clock of the Java side: the same messages must make the same tokens on every day."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


def render(template, messages):
    try:
        with mock.patch.object(chat_template_utils, "datetime", Still):
            [text], _ = chat_template_utils.render_jinja_template(
                conversations=[messages], chat_template=template, add_generation_prompt=True, bos_token="<s>",
                eos_token="</s>")
        return {"text": text}
    except Exception as e:
        return {"refusal": str(e)}


if __name__ == "__main__":
    expected = {}
    for path in sorted(FOLDER.glob("*.jinja")):
        expected[path.stem] = [
            {"name": name, "messages": (m := [{"role": r, "content": c} for r, c in turns]), **render(path.read_text(), m)}
            for name, turns in CONVERSATIONS.items()]
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
