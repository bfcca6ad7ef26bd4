"""The lab: network namespaces that play the internet, the operator and his customers, with real packets."""
