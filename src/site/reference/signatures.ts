// Signatures as a reader wants them: on one line, with the types as the source writes them, defaults and options.
import ts from "typescript-js";
import type { Field, Signature } from "./model.ts";

/** An object with more fields than this is no options but a thing of its own. */
const mostFields = 24;

type Callable = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration | ts.ArrowFunction;
type Valued = ts.VariableDeclaration | ts.ClassElement;

export class SignatureReader {
  readonly #checker: ts.TypeChecker;
  readonly #isOurs: (declaration: ts.Node) => boolean;
  readonly #printer = ts.createPrinter({ removeComments: true });

  /** @param isOurs whether a declaration stands in the sources that are read */
  constructor(checker: ts.TypeChecker, isOurs: (declaration: ts.Node) => boolean) {
    this.#checker = checker;
    this.#isOurs = isOurs;
  }

  ofFunctions(path: string, symbol: ts.Symbol): Signature[] {
    const declarations = (symbol.declarations ?? []).filter(ts.isFunctionDeclaration);
    return callable(declarations).map((one) => this.ofCall(path, one));
  }

  ofMethods(name: string, symbol: ts.Symbol): Signature[] {
    const declarations = (symbol.declarations ?? []).filter(ts.isMethodDeclaration);
    return callable(declarations).map((one) => this.ofCall(name, one));
  }

  /** A class without a constructor is made with nothing. */
  ofConstructors(path: string, declarations: ts.ConstructorDeclaration[]): Signature[] {
    if (declarations.length === 0) return [{ text: `new ${path}()`, parameters: [], returns: null }];
    return callable(declarations).map((one) => this.ofCall(`new ${path}`, one));
  }

  /** The head of a class that cannot be made directly. */
  ofClass(path: string, declaration: ts.ClassDeclaration): Signature {
    return { text: `class ${path}${this.#typeParameters(declaration)}`, parameters: [], returns: null };
  }

  ofCall(name: string, declaration: Callable): Signature {
    const parameters = declaration.parameters.filter(({ name }) => name.getText() !== "this");
    const written = parameters.map((parameter) => {
      const { name, optional, type, initial, isRest } = this.#parameter(parameter);
      const start = `${isRest ? "..." : ""}${name}`;
      if (initial !== null && showsType(initial, type)) return `${start} = ${initial}`;
      const mark = optional && !isRest && initial === null ? "?" : "";
      return `${start}${mark}: ${type}${initial === null ? "" : ` = ${initial}`}`;
    });
    const returns = ts.isConstructorDeclaration(declaration) ? null : this.#returnType(declaration);
    const end = returns === null ? "" : `: ${returns}`;
    return {
      text: `${name}${this.#typeParameters(declaration)}(${written.join(", ")})${end}`,
      parameters: parameters.map((parameter) => {
        const { name, type, optional, initial } = this.#parameter(parameter);
        const fields = this.fieldsOf(this.#checker.getTypeAtLocation(parameter));
        return { name, type, optional, initial, text: this.#parameterDoc(parameter), fields };
      }),
      returns: returns === "void" ? null : returns,
    };
  }

  ofValue(name: string, declaration: Valued): Signature {
    const getter = ts.isGetAccessorDeclaration(declaration) ? declaration.type : undefined;
    const node =
      getter ??
      (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
        ? declaration.type
        : undefined);
    const type =
      node === undefined ? this.#typeText(this.#checker.getTypeAtLocation(declaration)) : this.#print(node);
    return { text: `${name}: ${type}`, parameters: [], returns: null };
  }

  ofType(path: string, declaration: ts.InterfaceDeclaration | ts.TypeAliasDeclaration): Signature {
    const head = `${path}${this.#typeParameters(declaration)}`;
    const text = ts.isTypeAliasDeclaration(declaration)
      ? `type ${head} = ${this.#print(declaration.type)}`
      : `interface ${head}`;
    return { text, parameters: [], returns: null };
  }

  /** The fields of an object of options; none for anything else. */
  fieldsOf(type: ts.Type): Field[] {
    const options = this.#objects(type);
    return options.flatMap((one) =>
      this.#checker.getPropertiesOfType(one).flatMap((property) => this.#field(property) ?? []),
    );
  }

  #objects(type: ts.Type): ts.Type[] {
    const parts = type.isUnion() ? type.types : [type];
    return parts.filter((part) => {
      if ((part.flags & ts.TypeFlags.Object) === 0 && !part.isIntersection()) return false;
      if (part.getCallSignatures().length > 0 || part.getConstructSignatures().length > 0) return false;
      const properties = this.#checker.getPropertiesOfType(part);
      return (
        properties.length > 0 &&
        properties.length <= mostFields &&
        properties.every((property) =>
          (property.declarations ?? []).some(
            (one) =>
              this.#isOurs(one) &&
              (ts.isPropertySignature(one) || ts.isMethodSignature(one)) &&
              !isPartOfClass(one),
          ),
        )
      );
    });
  }

  #field(property: ts.Symbol): Field | null {
    const declaration = property.declarations?.[0];
    if (declaration === undefined) return null;
    const isSignature = ts.isPropertySignature(declaration) && declaration.type !== undefined;
    const type = isSignature
      ? this.#print(declaration.type)
      : this.#typeText(this.#checker.getTypeOfSymbol(property));
    return {
      name: property.name,
      type,
      optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      initial: null,
      text: ts.displayPartsToString(property.getDocumentationComment(this.#checker)).trim(),
      fields: [],
    };
  }

  #parameter(parameter: ts.ParameterDeclaration): Omit<Field, "text" | "fields"> & { isRest: boolean } {
    const { initializer, type, questionToken, dotDotDotToken, name } = parameter;
    return {
      // Options that are taken apart at once have no name of their own.
      name: ts.isIdentifier(name) ? name.text : "options",
      type:
        type === undefined ? this.#typeText(this.#checker.getTypeAtLocation(parameter)) : this.#print(type),
      optional: questionToken !== undefined || initializer !== undefined,
      initial: initializer === undefined ? null : this.#print(initializer),
      isRest: dotDotDotToken !== undefined,
    };
  }

  #parameterDoc(parameter: ts.ParameterDeclaration): string {
    return ts
      .getJSDocParameterTags(parameter)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
      .join(" ")
      .replace(/^\s*[-–—]\s*/, "")
      .trim();
  }

  #returnType(declaration: Callable): string {
    if (declaration.type !== undefined) return this.#print(declaration.type);
    const signature = this.#checker.getSignatureFromDeclaration(declaration);
    return signature === undefined ? "unknown" : this.#typeText(signature.getReturnType());
  }

  #typeParameters(declaration: ts.DeclarationWithTypeParameterChildren): string {
    const { typeParameters } = declaration;
    if (typeParameters === undefined || typeParameters.length === 0) return "";
    return `<${typeParameters.map((one) => this.#print(one)).join(", ")}>`;
  }

  #typeText(type: ts.Type): string {
    return this.#checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
  }

  /** A node of the source on one line, without its comments. */
  #print(node: ts.Node): string {
    return this.#printer
      .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
      .replaceAll(/\s+/g, " ")
      .replaceAll(/;(?= \})/g, "")
      .replaceAll(/\[ | \]/g, (bracket) => bracket.trim())
      .trim();
  }
}

/** Overloads stand for the declaration that implements them all. */
function callable<Declaration extends Callable>(declarations: Declaration[]): Declaration[] {
  return declarations.length > 1 ? declarations.filter(({ body }) => body === undefined) : declarations;
}

/** A default that says as much as the type does. */
function showsType(initial: string, type: string): boolean {
  if (type === "number") return /^(?:-?[\d.]+(?:e-?\d+)?|-?Infinity)$/.test(initial);
  return type === "boolean" && /^(?:true|false)$/.test(initial);
}

function isPartOfClass(node: ts.Node): boolean {
  return ts.isClassLike(node.parent);
}
