import type { LanTexts } from "../lan-texts.ts";

export const lan: LanTexts = {
  announced: "Ele se anuncia na rede local: o papo em outra máquina o encontra sozinho. Para não anunciar: --no-lan",
  found: "Trackers que se anunciam nesta rede (confira a chave com quem hospeda):",
  hostHere: "nenhum deles: hospedar um aqui, só para esta máquina",
  choose: "Qual? ",
  notInList: (choices) => `Digite um número de 1 a ${choices}.`,
  toKeep: (address, configFile) => `Para usar sempre este, escreva tracker = "${address}" em ${configFile}.`,
  nobody: "Nenhum tracker se anuncia nesta rede.",
  noNetwork: "Esta máquina não está em nenhuma rede local.",
  unsupported: "O sistema não deixa procurar na rede local: outro programa usa a porta UDP 5353 só para si.",
};
