// Which members of a name a cell reads: an import of a large namespace needs only the part of it that holds them.
import type * as estree from "estree";
import { walk } from "estree-walker";
import type { Program } from "../protocol.ts";

/** The members that a cell reads of a name; `null` where it uses the name in any other way than `name.member`. */
export type MembersRead = (name: string) => string[] | null;

/** Scopes are left out of account: a name of the same spelling elsewhere can only add members, or a use too many. */
export function membersRead(script: estree.Program): MembersRead {
  const members = new Map<string, Set<string>>();
  const whole = new Set<string>();
  walk(script, {
    enter(node, parent, key) {
      if (node.type !== "Identifier" || (parent !== null && isNoUse(parent, key))) return;
      if (parent?.type === "MemberExpression" && key === "object" && !parent.computed) {
        const { property } = parent;
        const known = members.get(node.name) ?? new Set();
        members.set(node.name, known);
        if (property.type === "Identifier") known.add(property.name);
      } else {
        whole.add(node.name);
      }
    },
  });
  // Code that only running it shows may use every name in any way.
  if (members.has("eval") || whole.has("eval")) return () => null;
  return (name) => (whole.has(name) ? null : [...(members.get(name) ?? [])]);
}

/** Imports with the members that are read of each, where that is known. */
export function withMembers(imports: Program["imports"], membersOf: MembersRead): Program["imports"] {
  return imports.map((item) => {
    const members = item.from === "descent" ? membersOf(item.local) : null;
    return members === null ? item : { ...item, members };
  });
}

/** A word that names a member or a property, not a variable. */
function isNoUse(parent: estree.Node, key: string | number | symbol | null | undefined): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return key === "property" && !parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return key === "key" && !parent.computed && !(parent.type === "Property" && parent.shorthand);
    default:
      return false;
  }
}
