"""What a router notices of its bearers, and when: BFD, BGP, probes, tracked objects, in the time that they take."""
