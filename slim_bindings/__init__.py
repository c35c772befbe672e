"""Prebuilt CDKTF providers at the price of what an app uses of them.

Importing one class of a prebuilt provider costs as much as importing all of them: the Python
package imports its every submodule, and the jsii kernel behind it, a Node.js process, reads the
types of all and runs the JavaScript of all. For the AWS provider that is over ten seconds and
600 MB, at every synthesis. This package takes both away, from outside: no installed file is
changed, import lines stay what they are, and editors and mypy see the full types.

    import slim_bindings

    slim_bindings.install("stacks", cache=".cache/slim_bindings")
    from stacks import build_app      # ... from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

How it works:

- ``finder`` stands before Python's own import of a provider's package and leaves out the imports
  of all submodules (as packages made by newer jsii-pacmak do); each is imported when the app
  asks for it.
- ``kernel`` stands before the kernel. It starts Node.js and loads the assemblies beside Python's
  imports. A provider's is cut to the modules that ``imports`` finds in the app's sources; should
  more have been imported when the first construct is made, Node.js is started again with them.
- ``assembly`` makes the cut and ``cache`` keeps it, once for each installed version of the
  provider and set of modules.

The synthesised JSON is the same, byte for byte. When anything is amiss the stock bindings are
used, and one warning of the logger ``slim_bindings`` says why. ``SLIM_BINDINGS=off`` in the
environment turns all of it off. Nothing here knows the app or the provider: it serves the
packages ``cdktf_cdktf_provider_*`` of CDKTF and ``cdktn_provider_*`` of CDK Terrain.
"""

from slim_bindings.installation import OFF_SWITCH, install
from slim_bindings.node import NodeError

__all__ = ["OFF_SWITCH", "NodeError", "install"]
