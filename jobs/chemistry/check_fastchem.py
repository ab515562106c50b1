#!/usr/bin/env python3
"""Compare the equilibrium constants of src/atmosphere/chemistry_constants.c with those of FastChem.

    check_fastchem.py chemistry_constants.c chemistry.dat.bz2

The second file is FastChem's output without condensation along a brown dwarf's profile (Stock et al. 2018, MNRAS
479, 865; Kitzmann, Stock and Patzer 2024, MNRAS 527, 7263). A quotient of partial pressures does not depend on the
abundances of the elements, so it tests the constants alone. Prints the median of log10 (K here / K of FastChem) in
three ranges of temperature."""

import bz2
import re
import sys

import numpy as np

REACTIONS = {
    "CO": "C1O1 + 3 H2 - C1H4 - H2O1", "CO2": "C1O2 + H2 - C1O1 - H2O1", "NH3": "2 H3N1 - N2 - 3 H2",
    "H": "2 H - H2", "HCN": "C1H1N1_1 + 3 H2 - C1H4 - H3N1", "C2H2": "C2H2 + 3 H2 - 2 C1H4",
    "OH": "H1O1 + 0.5 H2 - H2O1", "O": "O + H2 - H2O1", "SH": "H1S1 + 0.5 H2 - H2S1", "S": "S + H2 - H2S1",
    "S2": "S2 + 2 H2 - 2 H2S1", "OCS": "C1O1S1 + H2 - C1O1 - H2S1", "SIS": "S1Si1 + H2O1 - O1Si1 - H2S1",
    "SI": "Si + H2O1 - O1Si1 - H2", "NACL": "Cl1Na1 + 0.5 H2 - Na - Cl1H1", "NAOH": "H1Na1O1 + 0.5 H2 - Na - H2O1",
    "NAH": "H1Na1 - Na - 0.5 H2", "KCL": "Cl1K1 + 0.5 H2 - K - Cl1H1", "KOH": "H1K1O1 + 0.5 H2 - K - H2O1",
    "KH": "H1K1 - K - 0.5 H2", "TIO2": "O2Ti1 + H2 - O1Ti1 - H2O1", "TI": "Ti + H2O1 - O1Ti1 - H2",
    "VO2": "O2V1 + H2 - O1V1 - H2O1", "V": "V + H2O1 - O1V1 - H2", "PO": "O1P1 + 2.5 H2 - H3P1 - H2O1",
    "P2": "P2 + 3 H2 - 2 H3P1",
}

text = open(sys.argv[1]).read()
constants = {m[1]: [float(v) for v in m[2].split(",")]
             for m in re.finditer(r"\[TML_REACTION_(\w+)\] = \{(.*?)\}", text, re.S)}
lines = bz2.open(sys.argv[2], "rt").read().split("\n")
names = [name.strip() for name in re.split(r"\t|  +", lines[0].lstrip("#")) if name.strip()]
rows = np.array([[float(v) for v in line.split()] for line in lines[1:] if line.strip()])
pressure, t = rows[:, 0], rows[:, 1] / 1000.0

for low, high in ((600, 1200), (1200, 2000), (2000, 3000)):
    use = (rows[:, 1] >= low) & (rows[:, 1] < high)
    answers = []
    for reaction, formula in REACTIONS.items():
        theirs = np.zeros(len(t))
        for sign, factor, gas in re.findall(r"([+-]?) ?([\d.]* )?([A-Z]\w*)", formula):
            amount = float(factor or 1) * (-1 if sign == "-" else 1)
            theirs += amount * np.log(rows[:, names.index(gas)] * pressure)
        a = np.zeros(5)
        a[:len(constants[reaction])] = constants[reaction]
        ours = a[0] / t + a[1] + a[2] * np.log(t) + t * (a[3] + t * a[4])
        answers.append("%s %+.2f" % (reaction, np.median((ours - theirs)[use]) / np.log(10)))
    print("%d to %d K: %s" % (low, high, ", ".join(answers)))
