import { execFileSync } from "node:child_process";
import { shellScript } from "../../local/shell-script";

test("another terminal gets every variable, also one that equals the caller's, with any character in it", () => {
  const variables = {
    HOME: process.env.HOME,
    TF_CLI_CONFIG_FILE: "/tmp/it's a $HOME/terraform.rc",
    EMPTY: "",
    GONE: undefined,
  };
  const script = `${shellScript(variables)}printf '%s|' "$HOME" "$TF_CLI_CONFIG_FILE" "$EMPTY" "\${GONE-not set}"`;
  const shown = execFileSync("/bin/sh", ["-c", script], { env: { GONE: "x" }, encoding: "utf8" });
  expect(shown).toBe(`${process.env.HOME}|/tmp/it's a $HOME/terraform.rc||not set|`);
});
