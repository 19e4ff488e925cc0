"""Policy files: what an organisation allows, in layers of which the lower ones only tighten."""
