/** A port or a range of ports that a machine has to be reached at. */
export interface MachinePort {
  readonly first: number;
  readonly last: number;
  readonly protocol: "TCP" | "UDP";
  readonly what: string;
}

/** What Talos, Kubernetes and Cilium listen on at a machine, whoever asks. */
export function machinePorts(apiServerPort: number): MachinePort[] {
  const port = (first: number, protocol: "TCP" | "UDP", what: string, last = first) => ({
    ...{ first, last, protocol, what },
  });
  return [
    port(50000, "TCP", "apid"),
    port(50001, "TCP", "trustd"),
    port(apiServerPort, "TCP", "kube-apiserver"),
    port(2379, "TCP", "etcd", 2380),
    port(10250, "TCP", "kubelet"),
    port(51820, "UDP", "KubeSpan"),
    port(51871, "UDP", "Cilium's WireGuard"),
    port(8472, "UDP", "VXLAN"),
    port(6081, "UDP", "Geneve"),
    port(4240, "TCP", "Cilium's health checks"),
    port(68, "UDP", "DHCP"),
    port(546, "UDP", "DHCPv6"),
  ];
}
