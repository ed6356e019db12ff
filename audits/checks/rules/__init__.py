"""The rules that only make sense over many rows; one file a group of subjects. Importing them declares them."""

from audits.checks.rules import civil, contacts, guarantees, income, measures, people, running, standing, village

DECLARED = (people, guarantees, standing, income, civil, contacts, measures, running, village)
