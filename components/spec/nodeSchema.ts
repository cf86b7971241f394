import * as z from "zod/mini";

import { configPatchesField, configPatchesFromField } from "./configPatchesField";
import { defaultedField, field, optionalField } from "./field";

/** Roles of a machine, in Talos' spelling. */
export const machineTypes = ["controlplane", "worker"] as const;

const route = z.strictObject({
  network: optionalField(z.string(), "Destination in CIDR notation. Left out: the default route.", {
    examples: ["0.0.0.0/0"],
  }),
  gateway: optionalField(z.string(), "Address of the router.", { examples: ["10.5.0.1"] }),
  metric: optionalField(
    z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)),
    "Priority; the lower one wins.",
  ),
});

const vip = z.strictObject({
  ip: field(z.string(), "Floating address that one control plane at a time answers on.", {
    examples: ["10.5.0.100"],
  }),
});

const addresses = optionalField(z.array(z.string()), "Static addresses with their prefix length.", {
  examples: [["10.5.0.11/24"]],
});
const dhcp = optionalField(z.boolean(), "Whether the interface is configured by DHCP.");
// Linux takes no less for a link of Ethernet, and its loopback has the most.
const mtu = optionalField(
  z.int().check(z.minimum(68), z.maximum(65536)),
  "Largest packet in bytes. Left out: what the link has, or DHCP says.",
);
const routes = optionalField(z.array(route), "Static routes.");

const vlan = z.strictObject({
  vlanId: field(z.int().check(z.minimum(1), z.maximum(4094)), "VLAN tag, 1 to 4094."),
  addresses,
  dhcp,
  mtu,
  routes,
  vip: optionalField(vip, "Floating address on this VLAN; control planes only."),
});

const networkInterface = z.strictObject({
  interface: optionalField(z.string(), "Name of the link. Exclusive with deviceSelector.", {
    examples: ["enp0s1"],
  }),
  deviceSelector: optionalField(
    z.strictObject({
      busPath: optionalField(z.string(), "PCI or USB bus path; may end in *."),
      hardwareAddr: optionalField(z.string(), "MAC address, lower case; may hold *."),
      permanentAddr: optionalField(z.string(), "Permanent MAC address, lower case; may hold *."),
      pciID: optionalField(z.string(), "PCI vendor and product id; may hold *."),
      driver: optionalField(z.string(), "Kernel driver; may hold *."),
      physical: optionalField(z.boolean(), "Only physical links."),
    }),
    "Picks the link by what it is. Exclusive with interface.",
  ),
  addresses,
  dhcp,
  mtu,
  routes,
  vlans: optionalField(z.array(vlan), "VLANs on this link."),
  vip: optionalField(vip, "Floating address of the control planes; control planes only."),
});

const diskSelector = z.strictObject({
  size: optionalField(z.string(), "Size with an optional comparison.", { examples: [">= 100GB"] }),
  model: optionalField(z.string(), "Model; may hold *."),
  serial: optionalField(z.string(), "Serial number; may hold *."),
  modalias: optionalField(z.string(), "Modalias; may hold *."),
  uuid: optionalField(z.string(), "UUID; may hold *."),
  wwid: optionalField(z.string(), "World wide id; may hold *."),
  type: optionalField(z.enum(["ssd", "hdd", "nvme", "sd"]), "Kind of disk."),
  busPath: optionalField(z.string(), "Bus path; may hold *."),
});

export const nodeSchema = z.strictObject({
  hostname: field(
    z.string(),
    "Name of the machine and of its Kubernetes node. It is part of resource names: another name is another machine.",
    { examples: ["cp-1"] },
  ),
  ipAddress: field(
    z.string(),
    "Address of the machine. Frozen: the provider would configure another machine and forget this one.",
    { examples: ["10.5.0.11"] },
  ),
  endpoint: optionalField(
    z.string(),
    "Where the Talos API of this machine is reached, if not at ipAddress port 50000.",
    { examples: ["talos.example.org:50001"] },
  ),
  machineType: field(z.enum(machineTypes), "Role of the machine."),
  installDisk: optionalField(z.string(), "Disk to install Talos to. Exclusive with diskSelector.", {
    examples: ["/dev/sda"],
  }),
  diskSelector: optionalField(
    diskSelector,
    "Picks the disk by what it is. Exclusive with installDisk.",
  ),
  installerImage: optionalField(
    z.string(),
    "Image to install, with its tag. Exclusive with schematicId. Left out: the plain image of talosVersion.",
    { examples: ["ghcr.io/siderolabs/installer:v1.13.0"] },
  ),
  schematicId: optionalField(
    z.string(),
    "Image Factory schematic whose installer of talosVersion is used. Exclusive with installerImage.",
  ),
  labels: defaultedField(z.record(z.string(), z.string()), {}, "Labels of the Kubernetes node.", {
    examples: [{ "topology.kubernetes.io/zone": "a" }],
  }),
  taints: defaultedField(
    z.record(z.string(), z.string()),
    {},
    "Taints of the Kubernetes node: key to `value:Effect`, or `:Effect` without a value. A worker gets them when its node is made.",
    { examples: [{ "example.org/dedicated": "storage:NoSchedule" }] },
  ),
  networkInterfaces: defaultedField(
    z.array(networkInterface),
    [],
    "Network interfaces. None: DHCP on every link.",
  ),
  configPatches: configPatchesField("this machine, after all others"),
  configPatchesFrom: configPatchesFromField("this machine"),
});
