import * as z from "zod/mini";

import { optionalField } from "../field";

export const imageRegistry = optionalField(
  z.string(),
  "Registry that holds a copy of every image, host and perhaps port and path: the part of each image's name before its first slash is replaced by it, tag and digest stay. Left out: the public registries.",
  { examples: ["registry.example.org/mirror"] },
);
