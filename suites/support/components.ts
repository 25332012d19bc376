/** A custom component with a text, a number, a switch, a choice and two outputs. */
export const SHOUTER = `from lfx.custom import Component
from lfx.io import BoolInput, DropdownInput, IntInput, MessageTextInput, Output
from lfx.schema import Data, Message


class Shouter(Component):
    display_name = "Shouter"
    description = "Says it louder."
    icon = "megaphone"
    documentation = "https://example.org/shouter"
    priority = 3
    name = "ShouterComponent"

    inputs = [
        MessageTextInput(name="text", display_name="Text", info="What to say.", tool_mode=True, required=True),
        IntInput(name="times", display_name="Times", value=2, advanced=True),
        BoolInput(name="polite", display_name="Polite"),
        DropdownInput(name="tone", display_name="Tone", options=["calm", "loud"], value="loud", real_time_refresh=True),
    ]
    outputs = [
        Output(name="loud", display_name="Loud", method="shout"),
        Output(name="data", display_name="As data", method="as_data"),
    ]

    def shout(self) -> Message:
        return Message(text=self.text.upper())

    def as_data(self) -> Data:
        return Data(data={"text": self.text})
`;

/** The same component with fields that depend on each other. */
export const MOODY = `${SHOUTER}
    def update_build_config(self, build_config, field_value, field_name=None):
        if field_value == "boom":
            raise ValueError("no booms, please")
        if field_name == "tone":
            build_config["times"]["show"] = field_value == "loud"
            build_config["polite"]["info"] = f"The tone is {field_value}."
        return build_config

    def update_outputs(self, frontend_node, field_name, field_value):
        if field_name == "tone" and field_value == "calm":
            frontend_node["outputs"] = [Output(name="quiet", display_name="Quiet", method="shout")]
        return frontend_node
`;

/** The code of a component whose class body has these lines. */
export const componentWith = (...lines: string[]): string =>
  [
    'from lfx.custom import Component',
    'from lfx.io import HandleInput, Output, StrInput',
    '',
    '',
    'class Made(Component):',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
