#!/bin/sh
# Writes ~/.oci/config from the variables that the OCI command line knows too: Terraform, the hooks and ords-jwt read it.
set -eu
umask 077
mkdir -p "$HOME/.oci"
printf '%s\n' "$OCI_CLI_KEY_CONTENT" >"$HOME/.oci/key.pem"
cat >"$HOME/.oci/config" <<CONFIG
[DEFAULT]
user=$OCI_CLI_USER
tenancy=$OCI_CLI_TENANCY
fingerprint=$OCI_CLI_FINGERPRINT
region=$OCI_CLI_REGION
key_file=$HOME/.oci/key.pem
CONFIG
