// The glossary's script: the switch between light and dark is all that it has.
import { attachTheme } from "./theme.ts";

attachTheme();
