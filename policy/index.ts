import { PolicyPack } from "@pulumi/policy";

import { policies } from "./policies";
import { watchSecretMarks } from "./secretMarks";

watchSecretMarks();
new PolicyPack("talos-cilium", { enforcementLevel: "mandatory", policies });
