import ts from "typescript";

/** The part of a Pulumi package schema that a binding is held against. */
export interface Schema {
  name: string;
  version: string;
  pluginDownloadURL: string;
  resources: Record<
    string,
    SchemaObject & {
      inputProperties?: Record<string, SchemaProperty>;
      requiredInputs?: string[];
    }
  >;
  functions: Record<string, { inputs?: SchemaObject; outputs?: SchemaObject }>;
  types: Record<string, SchemaObject>;
}

export interface SchemaObject {
  properties?: Record<string, SchemaProperty>;
  required?: string[];
}

interface SchemaProperty {
  type?: string;
  $ref?: string;
  items?: SchemaProperty;
  secret?: boolean;
}

/** A type as plain data: a word, a list of one, or properties, optional ones with a `?`. */
export type Shape = string | [Shape] | { [property: string]: Shape };

export function schemaShape(
  schema: Schema,
  { properties = {}, required = [] }: SchemaObject,
): Shape {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      required.includes(name) ? name : `${name}?`,
      propertyShape(schema, property),
    ]),
  );
}

function propertyShape(schema: Schema, { type, $ref, items }: SchemaProperty): Shape {
  if ($ref) {
    const object = schema.types[$ref.replace(/^#\/?types\//, "")];
    if (!object) throw new Error(`the schema has no ${$ref}`);
    return schemaShape(schema, object);
  }
  if (type === "array") return [propertyShape(schema, items as SchemaProperty)];
  return type === "integer" ? "number" : (type as string);
}

/** What the compiler says of the binding's public types. */
export function bindingShapes(entry: string): {
  resource(module: string, name: string): { inputs: Shape; outputs: Shape };
  function(module: string, name: string): { inputs: Shape; outputs: Shape };
} {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    types: [],
    lib: ["lib.es2022.d.ts"],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry) as ts.SourceFile;
  const root = exportsOf(checker.getSymbolAtLocation(source) as ts.Symbol);

  function exportsOf(symbol: ts.Symbol): Map<string, ts.Symbol> {
    const resolved =
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return new Map(checker.getExportsOfModule(resolved).map((one) => [one.name, one]));
  }

  function member(module: string, name: string): ts.Type {
    const symbol = exportsOf(root.get(module) as ts.Symbol).get(name) as ts.Symbol;
    const resolved =
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return checker.getTypeOfSymbolAtLocation(resolved, source);
  }

  function parameter(signature: ts.Signature, index: number): Shape {
    const symbol = signature.parameters[index] as ts.Symbol;
    return shapeOf(checker.getTypeOfSymbolAtLocation(symbol, source));
  }

  function properties(type: ts.Type): Shape {
    return Object.fromEntries(
      checker.getPropertiesOfType(type).map((property) => {
        const inner = checker.getTypeOfSymbolAtLocation(property, source);
        const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 || isOptional(inner);
        return [optional ? `${property.name}?` : property.name, shapeOf(inner)];
      }),
    );
  }

  /** `Output<T | undefined>` is how a resource says that an output may be missing. */
  function isOptional(type: ts.Type): boolean {
    const inner = type.aliasSymbol?.name === "Output" ? type.aliasTypeArguments?.[0] : undefined;
    return inner !== undefined && members(inner).some((one) => isUndefined(one));
  }

  function shapeOf(type: ts.Type): Shape {
    if (type.aliasSymbol?.name === "Output")
      return shapeOf(type.aliasTypeArguments?.[0] as ts.Type);
    const all = members(type).filter((one) => !isUndefined(one));
    const [first, ...rest] = all.length === 1 ? all : all.filter((one) => !isLate(one));
    if (!first) throw new Error(`no shape for ${checker.typeToString(type)}`);
    if (first.flags & ts.TypeFlags.BooleanLike) return "boolean";
    if (rest.length > 0) throw new Error(`a choice: ${checker.typeToString(type)}`);
    if (first.flags & ts.TypeFlags.String) return "string";
    if (first.flags & ts.TypeFlags.Number) return "number";
    if (first.symbol?.name === "Promise")
      return shapeOf(checker.getTypeArguments(first as ts.TypeReference)[0] as ts.Type);
    if (checker.isArrayType(first)) {
      return [shapeOf(checker.getTypeArguments(first as ts.TypeReference)[0] as ts.Type)];
    }
    return properties(first);
  }

  function members(type: ts.Type): ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  function isUndefined(type: ts.Type): boolean {
    return (type.flags & ts.TypeFlags.Undefined) !== 0;
  }

  /** The two other ways in which an `Input<T>` may come. */
  function isLate(type: ts.Type): boolean {
    return ["OutputInstance", "Promise"].includes(type.symbol?.name ?? "");
  }

  return {
    resource(module, name) {
      const [construct] = member(module, name).getConstructSignatures() as [ts.Signature];
      const inherited = ["urn", "id", "getProvider"];
      const outputs = properties(construct.getReturnType()) as Record<string, Shape>;
      return {
        inputs: parameter(construct, 1),
        outputs: Object.fromEntries(
          Object.entries(outputs).filter(
            ([key]) => !key.startsWith("__") && !inherited.includes(key),
          ),
        ),
      };
    },
    function(module, name) {
      const [call] = member(module, name).getCallSignatures() as [ts.Signature];
      return { inputs: parameter(call, 0), outputs: shapeOf(call.getReturnType()) };
    },
  };
}
