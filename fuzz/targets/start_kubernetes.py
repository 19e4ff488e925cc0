"""What a cluster is told to start what was planned: the resources that we gave it, in which a name stays a text."""

from fuzz.captured import STARTED
from fuzz.planned import printed
from fuzz.rendered import of
from fuzz.wellformed import yaml_documents

seeds, one = of(STARTED["kubernetes"], printed, yaml_documents, given={"target": "kubernetes"})
