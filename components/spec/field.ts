import * as z from "zod/mini";

/** What an editor shows beside a key. */
interface FieldNotes {
  readonly examples?: readonly unknown[];
}

/** A field with the description that stands in the JSON Schema. */
export function field<T extends z.ZodMiniType>(
  schema: T,
  description: string,
  notes: FieldNotes = {},
): T {
  z.globalRegistry.add(schema, {
    description,
    ...(notes.examples && { examples: [...notes.examples] }),
  });
  return schema;
}

/** A field that may be left out. */
export function optionalField<T extends z.ZodMiniType>(
  schema: T,
  description: string,
  notes?: FieldNotes,
): z.ZodMiniOptional<T> {
  return field(z.optional(schema), description, notes);
}

/** A field that has a value when it is left out. */
export function defaultedField<T extends z.ZodMiniType>(
  schema: T,
  value: z.input<T> & z.output<T>,
  description: string,
  notes?: FieldNotes,
): z.ZodMiniDefault<T> {
  // A function, so that no two specs share an object.
  const fresh = () => copied(value) as never;
  return field(z._default(schema, fresh), description, notes) as z.ZodMiniDefault<T>;
}

/** An object whose own fields all have values when it is left out. */
export function group<T extends z.core.$ZodLooseShape>(
  shape: T,
  description: string,
): z.ZodMiniPrefault<z.ZodMiniObject<T, z.core.$strict>> {
  return field(z.prefault(z.strictObject(shape), {} as never), description) as never;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])];
  return typeof value === "object" && value !== null ? { ...value } : value;
}
